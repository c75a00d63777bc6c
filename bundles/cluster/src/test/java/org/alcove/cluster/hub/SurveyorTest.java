package org.alcove.cluster.hub;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.alcove.cluster.door.AddressRanges;
import org.alcove.cluster.door.Refusal;
import org.junit.jupiter.api.Test;

class SurveyorTest {

    private static final InetAddress PEER = InetAddress.ofLiteral("10.0.0.7");

    /** Names that stand for these addresses. */
    private static Surveyor surveyor(String... addresses) {
        return new Surveyor(AddressRanges.of("10.0.0.0/24"), host -> {
            if (addresses.length == 0) {
                throw new UnknownHostException(host);
            }
            return Arrays.stream(addresses).map(InetAddress::ofLiteral).toArray(InetAddress[]::new);
        });
    }

    private static Refusal refused(boolean foreign, String... addresses) {
        return assertThrows(Refusal.class,
                () -> surveyor(addresses).check(URI.create("http://worker:21002"), PEER, false, foreign));
    }

    @Test
    void localhostFromAnotherHostIsRefusedWithTheReason() {
        String why = refused(false, "127.0.0.1").getMessage();
        assertTrue(why.contains("10.0.0.7") && why.contains("http://worker:21002") && why.contains("--advertise"), why);
        assertEquals(400, refused(false, "::1").status());
        assertEquals(400, refused(false, "10.0.0.7", "127.0.0.1").status(), "one of several is enough");
        assertDoesNotThrow(() -> surveyor("127.0.0.1").check(URI.create("http://worker:1"), PEER, true, false));
    }

    @Test
    void aNameThatStandsForNothingIsRefused() {
        assertTrue(refused(false).getMessage().contains("not known"));
    }

    @Test
    void aForeignWorkerMayNameItselfAndThoseWhoAreTrusted() {
        assertDoesNotThrow(() -> surveyor("10.0.0.7").check(URI.create("http://worker:1"), PEER, false, true));
        assertDoesNotThrow(() -> surveyor("10.0.0.200").check(URI.create("http://worker:1"), PEER, false, true));
        InetAddress elsewhere = InetAddress.ofLiteral("192.168.1.1");
        assertDoesNotThrow(() -> surveyor("192.168.1.1").check(URI.create("http://worker:1"), elsewhere, false, true));
    }

    @Test
    void aForeignWorkerMayNameNobodyElse() {
        assertEquals(403, refused(true, "169.254.169.254").status());
        assertEquals(403, refused(true, "10.0.1.1").status());
        assertEquals(403, refused(true, "10.0.0.7", "10.0.1.1").status());
        assertDoesNotThrow(() -> surveyor("10.0.1.1").check(URI.create("http://worker:1"), PEER, false, false),
                "one of ours has shown that it belongs to the cluster");
    }
}
