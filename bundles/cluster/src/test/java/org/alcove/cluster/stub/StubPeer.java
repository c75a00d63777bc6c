package org.alcove.cluster.stub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Another process as the tests want it: speaks HTTP over plain sockets, so that it can also misbehave at every byte. */
public final class StubPeer implements AutoCloseable {

    private final ServerSocket listening;
    /** Bound and not listening: who comes after the end is refused, and nobody else gets the port while the test knows this. */
    private final Socket reserved = new Socket();
    private final Thread accepting;
    private final Map<String, Answerer> routes = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** A request that came. */
    public record Asked(String method, String path, Map<String, String> headers, byte[] body) {

        public JsonNode json() {
            try {
                return new ObjectMapper().readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Answers one path. */
    public interface Answerer {
        void answer(Asked asked, Reply reply) throws Exception;
    }

    public StubPeer() {
        this(0);
    }

    public StubPeer(int port) {
        this(port, ServerSocketFactory.getDefault());
    }

    /** One that speaks TLS. */
    public StubPeer(SSLContext tls) {
        this(0, tls.getServerSocketFactory());
    }

    private StubPeer(int port, ServerSocketFactory sockets) {
        try {
            listening = sockets.createServerSocket();
            InetAddress here = InetAddress.getByName("127.0.0.1");
            if (port == 0) {
                reserved.setReuseAddress(true);
                reserved.bind(new InetSocketAddress(here, 0));
            }
            listening.setReuseAddress(true);
            listening.bind(new InetSocketAddress(here, port == 0 ? reserved.getLocalPort() : port), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        accepting = Thread.ofVirtual().start(this::accept);
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + port());
    }

    public int port() {
        return listening.getLocalPort();
    }

    public StubPeer on(String path, Answerer answerer) {
        routes.put(path, answerer);
        return this;
    }

    /** Answers a path with the same JSON always. */
    public StubPeer json(String path, String body) {
        return on(path, (request, reply) -> reply.json(200, body));
    }

    public List<Asked> asked(String path) {
        return asked.stream().filter(one -> one.path().equals(path)).toList();
    }

    /** All requests that came. */
    public List<Asked> all() {
        return List.copyOf(asked);
    }

    /** How many connections came so far. */
    public int connections() {
        return connections.get();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                open.add(socket);
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (Asked request = read(in); request != null; request = read(in)) {
                asked.add(request);
                Answerer answerer = routes.get(request.path());
                Reply reply = new Reply(socket, in);
                if (answerer == null) {
                    reply.json(404, "{\"detail\":\"Not Found\"}");
                } else {
                    answerer.answer(request, reply);
                }
                if (socket.isClosed()) {
                    return;
                }
            }
        } catch (SocketException | SSLException e) {
            return;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            open.remove(socket);
        }
    }

    private static Asked read(InputStream in) throws IOException {
        String first = line(in);
        if (first == null || first.isEmpty()) {
            return null;
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            headers.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1).strip());
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("Content-Length", "0")));
        String target = first.split(" ")[1];
        return new Asked(first.split(" ")[0], target.contains("?") ? target.substring(0, target.indexOf('?')) : target, headers,
                body);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                return line.toString().strip();
            }
            line.append((char) c);
        }
        return line.isEmpty() ? null : line.toString();
    }

    /** What the peer says to one request. */
    public static final class Reply {

        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        Reply(Socket socket, InputStream in) throws IOException {
            this.socket = socket;
            this.in = in;
            this.out = socket.getOutputStream();
        }

        public void json(int status, String body) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            ascii("HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\nContent-Length: " + bytes.length + "\r\n\r\n");
            out.write(bytes);
            out.flush();
        }

        /** Begins a body in chunks. */
        public Reply stream(int status) throws IOException {
            ascii("HTTP/1.1 " + status + " X\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            return this;
        }

        public Reply chunk(byte[] bytes) throws IOException {
            ascii(Integer.toHexString(bytes.length) + "\r\n");
            out.write(bytes);
            ascii("\r\n");
            return this;
        }

        /** A frame: the text and a zero byte. */
        public Reply frame(String json) throws IOException {
            return chunk((json + "\0").getBytes(StandardCharsets.UTF_8));
        }

        public void end() throws IOException {
            ascii("0\r\n\r\n");
        }

        /** Dies: the kernel tells the other side, nobody else does. */
        public void die() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Waits until the other side has hung up. */
        public void awaitHangUp() throws IOException {
            try {
                while (in.read() >= 0) {
                    continue;
                }
            } catch (SocketException e) {
                return;
            }
        }

        public void await(CountDownLatch latch) throws InterruptedException {
            latch.await();
        }

        private void ascii(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            // Until then a connection may still be taken.
            accepting.join();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
