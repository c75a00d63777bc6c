package org.alcove.cluster.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.alcove.cluster.stub.StubPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class PeerClientTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final StubPeer peer = new StubPeer();
    private PeerClient client;

    @BeforeEach
    void open() throws IOException {
        client = client(false, PATIENCE);
    }

    @AfterEach
    void close() {
        client.close();
        peer.close();
    }

    private static PeerClient client(boolean plainSecret, Duration connect) throws IOException {
        return new PeerClient(new PeerSettings(Optional.of(Secret.of("0123456789abcdef", "the test")), Optional.empty(),
                connect, PATIENCE, 1000, plainSecret));
    }

    @Test
    void theSecretIsShownToPeersOnThisMachineAndNotByTheAnonymousClient() throws IOException {
        peer.json("/x", "{}");
        client.post(peer.address(), "/x", Json.object());
        client.anonymous().post(peer.address(), "/x", Json.object());
        assertEquals("Bearer 0123456789abcdef", peer.asked("/x").get(0).headers().get("Authorization"));
        assertFalse(peer.asked("/x").get(1).headers().containsKey("Authorization"));
    }

    @Test
    void theSecretDoesNotLeaveTheMachineInTheClear() throws IOException {
        URI elsewhere = URI.create("http://192.0.2.1:21002");
        String message = assertThrows(PeerException.class, () -> client.get(elsewhere, "/x")).getMessage();
        assertTrue(message.contains("without TLS") && !message.contains("0123"), message);
        // Nobody answers there; how soon that shows is the network's matter.
        try (PeerClient meshed = client(true, Duration.ofMillis(200))) {
            assertFalse(assertThrows(PeerException.class, () -> meshed.get(elsewhere, "/x")).getMessage().contains("TLS"));
        }
    }

    @Test
    void anAnswerThatIsTooLongIsNotRead() {
        peer.json("/x", "{\"a\":\"" + "x".repeat(1000) + "\"}");
        WireException refused = assertThrows(WireException.class, () -> client.get(peer.address(), "/x"));
        assertEquals(WireException.Kind.TOO_LARGE, refused.kind());
        assertTrue(refused.getMessage().contains("1000 bytes"), refused.getMessage());
    }

    @Test
    void redirectsAreNotFollowed() throws IOException {
        peer.json("/y", "{}").on("/x", (asked, reply) -> reply.json(302, "{}"));
        assertEquals(302, client.get(peer.address(), "/x").status());
        assertTrue(peer.asked("/y").isEmpty());
    }

    @Test
    void anInterruptedCallerStaysInterrupted() {
        peer.on("/x", (asked, reply) -> reply.awaitHangUp());
        Thread.currentThread().interrupt();
        assertThrows(InterruptedIOException.class, () -> client.get(peer.address(), "/x"));
        assertTrue(Thread.interrupted());
    }

    @Test
    void addressesAreSchemeHostAndPortOnly() {
        assertEquals(Optional.of(URI.create("http://10.0.0.7:21002")), PeerAddress.parse("http://10.0.0.7:21002/"));
        for (String wrong : List.of("", "worker", "ftp://h:1", "http://h:1/path", "http://u@h:1", "http://h:1?x", "file:///etc",
                "http://h h", "http://")) {
            assertEquals(Optional.empty(), PeerAddress.parse(wrong), wrong);
        }
    }

    @Test
    void aMissingCertificateFileIsNamed() {
        String message = assertThrows(IOException.class, () -> new TlsFiles("/nowhere/ca.p12", "x", "",
                "").context()).getMessage();
        assertTrue(message.contains("/nowhere/ca.p12") && message.contains("ca_file"), message);
    }
}
