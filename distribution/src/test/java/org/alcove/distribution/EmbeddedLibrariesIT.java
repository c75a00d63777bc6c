package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Assume;
import org.junit.jupiter.api.Test;

/** What {@code docs/third-party.md} says of libraries inside jars, held against the bill of materials and those jars. */
class EmbeddedLibrariesIT {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (.+?) \\| inside `(.+?)` \\|");
    private static final String TEXTS = "META-INF/licenses/";
    private static final Pattern OWN =
            Pattern.compile("org/alcove/(?!chat/pages/vendor/).*|META-INF/.*|OSGI-INF/.*|(templates/)?[^/]*");

    /** Libraries, as a line of the table names them, and the jar that they stand in. */
    private record Row(List<String> libraries, Path jar) {

        Row(MatchResult line) {
            this(List.of(line.group(1).replaceAll(" \\(.*?\\)", "").split(", | and ")),
                    Distribution.home().resolve(line.group(2)));
        }

        boolean isOurs() {
            return !jar.getFileName().toString().startsWith("org.apache.");
        }
    }

    @Test
    void theBillListsEachLibraryThatStandsInsideAJar() throws IOException {
        var listed = new TreeSet<String>();
        components().forEach(it -> listed.add(it.path("group").asText() + ":" + it.path("name").asText()));
        List<String> missing = rows().stream().flatMap(row -> row.libraries().stream())
                .filter(library -> !isNamed(library, listed)).toList();
        assertEquals(List.of(), missing, () -> "not among the components " + listed);
    }

    /** Written by hand, because no artifact tells them: a newer jar around them may hold others. */
    @Test
    void whatStandsInsideJarsOfOthersIsListedForTheVersionsOfTheseJarsThatAreHere() throws IOException {
        var listed = new TreeSet<String>();
        var holders = new TreeSet<String>();
        for (JsonNode component : components()) {
            assertTrue(listed.add(component.path("bom-ref").asText()), () -> "listed twice: " + component.path("bom-ref"));
            for (JsonNode property : component.path("properties")) {
                if (property.path("name").asText().equals("alcove:inside")) {
                    holders.add(property.path("value").asText());
                }
            }
        }
        assertEquals(2, holders.size(), holders::toString);
        holders.removeAll(listed);
        assertEquals(Set.of(), holders, "look what the jar that took their place holds, and change inside-other-jars.json");
    }

    @Test
    void eachBundleHoldsTheLicencesOfTheLibrariesInsideIt() throws IOException {
        var missing = new ArrayList<String>();
        for (Row row : rows().stream().filter(Row::isOurs).toList()) {
            var texts = new TreeSet<String>();
            try (JarFile jar = new JarFile(row.jar().toFile())) {
                jar.stream().filter(it -> it.getName().startsWith(TEXTS) && it.getSize() > 0)
                        .forEach(it -> texts.add(it.getName().substring(TEXTS.length()).split("/")[0]));
            }
            row.libraries().stream().filter(library -> !isNamed(library, texts)).forEach(missing::add);
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void theTableNamesEachOfOurJarsThatHoldsWhatIsNotOurs() throws IOException {
        var holding = new TreeSet<Path>();
        try (Stream<Path> files = Files.walk(Distribution.home())) {
            for (Path file : files.filter(it -> it.toString().matches(".*/(plugins|system/20)/[^/]*\\.jar")).toList()) {
                try (JarFile jar = new JarFile(file.toFile())) {
                    if (jar.stream().anyMatch(EmbeddedLibrariesIT::isForeign)) {
                        holding.add(file);
                    }
                }
            }
        }
        var named = new TreeSet<Path>();
        rows().stream().filter(Row::isOurs).forEach(row -> named.add(row.jar()));
        assertEquals(named, holding);
    }

    private static boolean isForeign(JarEntry entry) {
        return !entry.isDirectory() && !OWN.matcher(entry.getName()).matches();
    }

    private static List<Row> rows() throws IOException {
        String text = Files.readString(Path.of(System.getProperty("alcove.root"), "docs", "third-party.md"));
        List<Row> rows = ROW.matcher(text).results().map(Row::new).toList();
        assertTrue(rows.size() > 8, rows::toString);
        return rows;
    }

    private static JsonNode components() throws IOException {
        Path bill = Distribution.home().resolve("sbom.cdx.json");
        Assume.assumeTrue("SKIPPED: there is no bill of materials, which Maven makes only without -o", Files.exists(bill));
        return new ObjectMapper().readTree(bill.toFile()).path("components");
    }

    /** Whether all words of a library's name stand in one of these names, whatever is between them. */
    private static boolean isNamed(String library, Set<String> names) {
        return names.stream().map(EmbeddedLibrariesIT::letters)
                .anyMatch(name -> Stream.of(library.split(" ")).map(EmbeddedLibrariesIT::letters).allMatch(name::contains));
    }

    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }
}
