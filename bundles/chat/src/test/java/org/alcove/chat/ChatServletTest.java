package org.alcove.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page is made of: where it answers, what it weighs, and that its words are there in both languages. */
class ChatServletTest {

    private static final int BUDGET_BYTES = 350_000;
    private static final Path PAGES = Path.of("src", "main", "resources", "org", "alcove", "chat", "pages");
    private static final Pattern WORDS = Pattern.compile("\\bt\\(\\s*'((?:[^'\\\\]|\\\\.)*)'");
    /** Texts of the lists of parameters: those that begin with a capital letter, or hold a space. */
    private static final Pattern LISTED = Pattern.compile("'([A-Z][^'\n]*|[a-z][^' \n]* [^'\n]*)'");
    private static final Pattern PAIR = Pattern.compile("'((?:[^'\\\\]|\\\\.)*)':\\s*'((?:[^'\\\\]|\\\\.)*)'");
    private static final Pattern PLACE = Pattern.compile("\\{\\w+}");
    /** Words that are values of fields and are shown through the same table. */
    private static final List<String> SERVED = List.of("on", "off", "none", "minimal", "low", "medium", "high", "xhigh",
            "max");
    private static final List<String> VENDOR = List.of("marked.esm.js", "purify.es.mjs", "katex.min.js", "highlight.min.js");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server = new Server();

    @BeforeEach
    void start() throws Exception {
        ServerConnector connector = new ServerConnector(server);
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        ServletHolder holder = new ServletHolder(new ChatServlet());
        context.addServlet(holder, "/");
        context.addServlet(holder, "/chat/*");
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.stop();
    }

    private HttpResponse<byte[]> get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.getURI().getPort() + path);
        return client.send(HttpRequest.newBuilder(uri).header("Accept-Encoding", "gzip").build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void thePageIsAtTheRootAndItsFilesBelowChat() throws Exception {
        HttpResponse<byte[]> page = get("/");
        assertEquals(200, page.statusCode());
        assertTrue(page.headers().firstValue("content-security-policy").orElse("")
                .endsWith("require-trusted-types-for 'script'; trusted-types dompurify alcove-vendor"));
        assertEquals(200, get("/chat/chat.js").statusCode());
        assertEquals(200, get("/chat/shared/tokens.css").statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/chat", "/chat/", "/chat/absent.js", "/chat/../ChatServlet.class", "/chat/%2e%2e/ChatServlet.class",
        "/other"})
    void nothingElseIsThere(String path) throws Exception {
        assertTrue(List.of(400, 404).contains(get(path).statusCode()), path);
    }

    @Test
    void aPathThatNobodyAnswersIsNotFoundWhateverIsAskedOfIt() throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.getURI().getPort() + "/v1/absent");
        HttpRequest post = HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString("{}")).build();
        assertEquals(404, client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode());
    }

    @Test
    void allFilesTogetherKeepToTheBudget() throws Exception {
        int bytes = get("/").body().length;
        for (String shared : List.of("tokens.css", "dom.js", "memory.js", "words.js", "theme.js")) {
            bytes += get("/chat/shared/" + shared).body().length;
        }
        for (Path file : files()) {
            bytes += get("/chat/" + file.getFileName()).body().length;
        }
        for (String vendor : VENDOR) {
            HttpResponse<byte[]> library = get("/chat/vendor/" + vendor);
            assertEquals(200, library.statusCode(), vendor);
            bytes += library.body().length;
        }
        assertTrue(bytes <= BUDGET_BYTES, "the page weighs " + bytes + " bytes compressed; it may weigh " + BUDGET_BYTES);
        assertTrue(bytes > BUDGET_BYTES / 4, "something was not counted: " + bytes);
    }

    @Test
    void thePageHoldsNoInlineScriptOrStyle() throws IOException {
        String page = Files.readString(PAGES.resolve("index.html"));
        assertFalse(page.contains("<style") || page.contains("style=") || Pattern.compile("<script(?![^>]* src=)").matcher(page)
                .find() || Pattern.compile("\\son\\w+=").matcher(page).find());
        assertFalse(page.contains("//"), "another host is named");
    }

    @Test
    void everyTextIsThereInChineseAndNoneIsLeftOver() throws IOException {
        TreeSet<String> said = new TreeSet<>(SERVED);
        for (Path file : files()) {
            String script = Files.readString(file, StandardCharsets.UTF_8);
            WORDS.matcher(script).results().map(it -> it.group(1)).forEach(said::add);
            if (file.endsWith("parameters.js")) {
                // Labels, helps and defaults stand in lists: whatever is a text there and no name of a field.
                LISTED.matcher(script.substring(0, script.indexOf("export function"))).results().map(it -> it.group(1))
                        .forEach(said::add);
            }
        }
        Map<String, String> chinese = chinese();
        TreeSet<String> missing = new TreeSet<>(said);
        missing.removeAll(chinese.keySet());
        assertEquals(Set.of(), missing, "without Chinese");
        TreeSet<String> extra = new TreeSet<>(chinese.keySet());
        extra.removeAll(said);
        assertEquals(Set.of(), extra, "in zh.js, said nowhere");
        assertTrue(chinese.size() > 100, "only " + chinese.size() + " texts were found");
    }

    @Test
    void aTranslationNamesTheValuesOfItsText() throws IOException {
        chinese().forEach((english, translated) -> assertEquals(places(english), places(translated), english));
    }

    private static Map<String, String> chinese() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        PAIR.matcher(Files.readString(PAGES.resolve("zh.js"))).results().forEach(it -> texts.put(it.group(1), it.group(2)));
        return texts;
    }

    private static Set<String> places(String text) {
        return PLACE.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(PAGES)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
