package org.alcove.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.alcove.web.PageFiles;
import org.junit.jupiter.api.Test;

/** What can be read off the files of the pages without a browser. */
class PagesTest {

    private static final Pattern SAID = Pattern.compile("\\bt\\('((?:[^'\\\\]|\\\\.)*)'");
    private static final Pattern IMPORT = Pattern.compile("from '(\\.[^']+)'");
    private static final Pattern PLACE = Pattern.compile("\\{(\\w+)}");
    private static final Pattern CHINESE = Pattern.compile("^  (?:'((?:[^'\\\\]|\\\\.)*)'|(\\w+)): '((?:[^'\\\\]|\\\\.)*)'",
            Pattern.MULTILINE);

    private static Path folder() throws URISyntaxException {
        return Path.of(ConsoleServlet.class.getResource("pages").toURI());
    }

    private static Map<Path, String> files() throws IOException, URISyntaxException {
        Map<Path, String> texts = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder())) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                texts.put(file, Files.readString(file));
            }
        }
        return texts;
    }

    @Test
    void everyTextIsKnownInChineseAndNoneIsLeftOver() throws Exception {
        Set<String> said = new TreeSet<>();
        Map<String, Path> known = new TreeMap<>();
        Path server = folder().resolve("text/zh/server.js");
        files().forEach((file, text) -> {
            boolean words = isChinese(file);
            Matcher matcher = (words ? CHINESE : SAID).matcher(text);
            while (matcher.find()) {
                String english = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
                if (words) {
                    assertNull(known.put(english, file), () -> "twice, one behind the other: " + english);
                } else {
                    said.add(english);
                }
            }
        });
        Set<String> missing = new TreeSet<>(said);
        missing.removeAll(known.keySet());
        assertEquals(Set.of(), missing, "said by a page, missing in text/zh");
        // States, roles and kinds are words the server says; the pages name them in a list.
        Set<String> extra = new TreeSet<>(known.keySet());
        extra.removeIf(word -> said.contains(word) || known.get(word).equals(server));
        assertEquals(Set.of(), extra, "in text/zh, said by no page");
    }

    @Test
    void eachFileOfChineseIsPutInWhereThePagesLook() throws Exception {
        String whole = Files.readString(folder().resolve("text/zh.js"));
        for (Path file : files().keySet()) {
            String name = file.getFileName().toString().replace(".js", "");
            assertTrue(!isChinese(file) || whole.contains("import {" + name + "} from './zh/" + name + ".js';")
                    && whole.contains("..." + name), file + " is left out of text/zh.js");
        }
    }

    private static boolean isChinese(Path file) {
        return file.getParent().endsWith("text/zh");
    }

    @Test
    void aTranslationNamesTheValuesOfItsText() throws Exception {
        int seen = 0;
        for (Map.Entry<Path, String> file : files().entrySet()) {
            Matcher matcher = CHINESE.matcher(isChinese(file.getKey()) ? file.getValue() : "");
            while (matcher.find()) {
                String english = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
                assertEquals(places(english), places(matcher.group(3)), english);
                seen++;
            }
        }
        assertTrue(seen > 300, "only " + seen + " texts were found");
    }

    private static Set<String> places(String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = PLACE.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    @Test
    void whatAModuleImportsIsThere() throws Exception {
        for (Map.Entry<Path, String> file : files().entrySet()) {
            Matcher matcher = IMPORT.matcher(file.getValue());
            while (matcher.find()) {
                String name = folder().relativize(file.getKey().resolveSibling(matcher.group(1)).normalize()).toString();
                boolean shared = name.startsWith("shared/");
                boolean there = shared ? PageFiles.class.getResource(name.substring("shared/".length())) != null
                        : Files.isRegularFile(folder().resolve(name));
                assertTrue(there, file.getKey() + " imports " + matcher.group(1));
            }
        }
    }

    @Test
    void noPageTurnsTextIntoMarkupOrAsksAnotherHost() throws Exception {
        List<String> banned = List.of("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function",
                "DOMParser", "https://", "style=", "onclick=");
        for (Map.Entry<Path, String> file : files().entrySet()) {
            for (String word : banned) {
                assertFalse(file.getValue().contains(word), file.getKey() + " holds " + word);
            }
        }
    }
}
