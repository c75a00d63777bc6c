package org.alcove.connect;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that answers whatever it likes, and takes down every byte that it is sent. */
final class RawServer implements AutoCloseable {

    private static final int HEAD = 4;

    final AtomicInteger connections = new AtomicInteger();
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final CountDownLatch over = new CountDownLatch(1);
    private final Answer answer;

    /** What it answers, once a head was read. */
    interface Answer {

        /** @param over opens when the server is closed: to be waited for by who hangs */
        void write(OutputStream out, CountDownLatch over) throws IOException, InterruptedException;
    }

    RawServer(Answer answer) throws IOException {
        this.answer = answer;
        Thread.ofVirtual().start(this::accept);
    }

    /** One that answers this. */
    static RawServer of(String head, byte[] body) throws IOException {
        return new RawServer((out, over) -> {
            out.write((head + "\r\nContent-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body);
        });
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    /** All that was sent to it. */
    String heard() {
        return heard.toString(StandardCharsets.ISO_8859_1);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // It was closed.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            for (int ends = 0; ends < HEAD;) {
                int next = in.read();
                if (next < 0) {
                    return;
                }
                heard.write(next);
                ends = next == '\r' || next == '\n' ? ends + 1 : 0;
            }
            answer.write(socket.getOutputStream(), over);
        } catch (IOException | InterruptedException hungUp) {
            // The client has had enough.
        }
    }

    @Override
    public void close() throws IOException {
        over.countDown();
        listening.close();
    }
}
