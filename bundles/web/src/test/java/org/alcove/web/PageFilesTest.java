package org.alcove.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers, tags, compression and what is no file. */
class PageFilesTest {

    private final PageFiles files = new PageFiles(PageFilesTest.class, "pages/", new PagePolicy(List.of("purify")));
    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server = new Server();

    private final class Door extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            files.serve(request.getParameter("name"), request, response);
        }
    }

    @BeforeEach
    void start() throws Exception {
        ServerConnector connector = new ServerConnector(server);
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(new Door()), "/*");
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.stop();
    }

    private HttpResponse<byte[]> get(String name, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.getURI() + "?name=" + name));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Test
    void everyAnswerForbidsInlineScriptsAndOtherHosts() throws Exception {
        for (String name : List.of("index.html", "absent.html")) {
            HttpResponse<byte[]> page = get(name);
            assertEquals("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
                    + "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
                    + "require-trusted-types-for 'script'; trusted-types purify", header(page, "content-security-policy"));
            assertEquals("nosniff", header(page, "x-content-type-options"));
            assertEquals("no-referrer", header(page, "referrer-policy"));
        }
        assertTrue(new PagePolicy(List.of()).contentSecurityPolicy().endsWith("trusted-types 'none'"));
    }

    @Test
    void aFileThatIsKnownIsNotSentAgain() throws Exception {
        HttpResponse<byte[]> first = get("index.html");
        assertEquals(200, first.statusCode());
        assertEquals("text/html;charset=utf-8", header(first, "content-type").replace(" ", ""));
        HttpResponse<byte[]> again = get("index.html", "If-None-Match", "\"other\", " + header(first, "etag"));
        assertEquals(304, again.statusCode());
        assertEquals(0, again.body().length);
        assertEquals(200, get("index.html", "If-None-Match", "\"other\"").statusCode());
    }

    @Test
    void whoTakesGzipGetsTheSameBytesInFewer() throws Exception {
        HttpResponse<byte[]> plain = get("index.html", "Accept-Encoding", "gzip;q=0, br");
        HttpResponse<byte[]> small = get("index.html", "Accept-Encoding", "br, gzip");
        assertEquals("", header(plain, "content-encoding"));
        assertEquals("gzip", header(small, "content-encoding"));
        assertEquals("Accept-Encoding", header(small, "vary"));
        assertTrue(small.body().length < plain.body().length / 2);
        assertTrue(!header(plain, "etag").equals(header(small, "etag")));
        assertArrayEquals(plain.body(), new GZIPInputStream(new ByteArrayInputStream(small.body())).readAllBytes());
    }

    @Test
    void sharedFilesComeFromThisPackage() throws Exception {
        assertEquals("text/javascript;charset=utf-8", header(get("shared/dom.js"), "content-type").replace(" ", ""));
        assertEquals(200, get("shared/tokens.css").statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..%2FPageFiles.class", "shared/PageFile.class", "shared/..%2Ftokens.css", "%2Findex.html",
        "pages/../index.html", "index.html%00.js", ".html", "index.html/", "INDEX.HTML", "shared/%2e%2e%2f%2e%2e%2ftokens.css",
        "index%5C.html", "shared//tokens.css"})
    void nothingElseIsAFile(String name) throws Exception {
        HttpResponse<byte[]> answer = get(name);
        assertEquals(404, answer.statusCode(), name);
        assertEquals("no-store", header(answer, "cache-control"));
    }
}
