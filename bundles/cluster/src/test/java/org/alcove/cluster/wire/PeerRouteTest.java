package org.alcove.cluster.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.alcove.cluster.stub.StubPeer;
import org.alcove.testkit.tls.TestAuthority;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Peers that are bound to a machine and to a key. No name here is known to any resolver. */
@Timeout(300)
class PeerRouteTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NAME = "worker.invalid";

    @TempDir
    static Path folder;
    private static TestAuthority authority;
    private static Path right;
    private static Path other;
    private static Path named;

    private StubPeer peer;
    private PeerClient client;

    @BeforeAll
    static void issue() throws Exception {
        authority = new TestAuthority(folder);
        right = authority.issue("right", "dns:" + NAME, "ip:127.0.0.1");
        other = authority.issue("other", "dns:another.invalid", "ip:127.0.0.1");
        named = authority.issue("named", "dns:" + NAME);
    }

    @AfterEach
    void close() {
        client.close();
        peer.close();
    }

    private void open(Path shown, boolean proxied) throws Exception {
        peer = shown == null ? new StubPeer() : new StubPeer(authority.context(shown));
        peer.json("/x", "{}");
        client = new PeerClient(PeerSettings.of(Optional.empty(), new TlsFiles(authority.certificate().toString(),
                TestAuthority.PASSWORD, "", ""), PATIENCE, PATIENCE, proxied));
    }

    private URI named(String scheme) {
        return URI.create(scheme + "://" + NAME + ":" + peer.port());
    }

    private static PeerRoute here(URI address, String key) {
        return new PeerRoute(address, Optional.of(InetAddress.getLoopbackAddress()), Optional.ofNullable(key));
    }

    @Test
    void aNameThatWasLookedAtIsNotResolvedAgainAndIsStillTheHost() throws Exception {
        open(null, false);
        URI address = named("http");
        assertEquals(200, client.along(here(address, null)).get(address, "/x").status());
        assertEquals(NAME + ":" + peer.port(), peer.asked("/x").getFirst().headers().get("Host"));
        String message = assertThrows(PeerException.class, () -> client.get(address, "/x")).getMessage();
        assertTrue(message.contains("its name is not known"), message);
    }

    @Test
    void whereAProxyAddsTlsNamesAreLeftToIt() throws Exception {
        open(null, true);
        URI address = named("http");
        assertThrows(PeerException.class, () -> client.along(here(address, null)).get(address, "/x"));
    }

    @Test
    void theNameIsWhatTlsIsSpokenWith() throws Exception {
        open(named, false);
        URI address = named("https");
        assertEquals(200, client.along(here(address, null)).get(address, "/x").status(), "the certificate names no machine");
        URI wrong = URI.create("https://elsewhere.invalid:" + peer.port());
        String message = assertThrows(PeerException.class, () -> client.along(here(wrong, null)).get(wrong, "/x")).getMessage();
        assertTrue(message.startsWith("TLS with " + wrong + " fails"), message);
    }

    @Test
    void aPeerThatShowsTheAdmittedKeyIsAsked() throws Exception {
        open(right, false);
        URI address = URI.create("https://127.0.0.1:" + peer.port());
        PeerRoute route = PeerRoute.to(address).showing(Optional.of(TestAuthority.keyHash(right)));
        PeerClient bound = client.along(route);
        assertEquals(200, bound.get(address, "/x").status());
        bound.release();
        assertTrue(assertThrows(PeerException.class, () -> bound.get(address, "/x")).getMessage().contains("no longer asked"));
        assertEquals(200, client.get(address, "/x").status(), "others go on");
    }

    @Test
    void aPeerWithAnotherKeyHearsNoByteThoughItsCertificateIsGood() throws Exception {
        open(other, false);
        URI address = URI.create("https://127.0.0.1:" + peer.port());
        assertEquals(200, client.get(address, "/x").status(), "the authority has signed it");
        PeerClient bound = client.along(PeerRoute.to(address).showing(Optional.of(TestAuthority.keyHash(right))));
        String message = assertThrows(IOException.class, () -> bound.post(address, "/x", Json.object().put("prompt", "secret")))
                .getMessage();
        assertTrue(message.contains(TestAuthority.keyHash(right)) && message.contains(TestAuthority.keyHash(other))
                && message.contains("somebody is in between"), message);
        assertEquals(1, peer.all().size(), "only the first question has come");
    }
}
