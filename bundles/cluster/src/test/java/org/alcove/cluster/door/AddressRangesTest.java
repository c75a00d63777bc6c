package org.alcove.cluster.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AddressRangesTest {

    private static boolean holds(String ranges, String address) {
        return AddressRanges.of(ranges).contains(InetAddress.ofLiteral(address));
    }

    @Test
    void aRangeHoldsTheAddressesThatShareItsBits() {
        assertTrue(holds("10.0.0.0/8", "10.255.0.1"));
        assertFalse(holds("10.0.0.0/8", "11.0.0.1"));
        assertTrue(holds("192.168.5.128/25", "192.168.5.200"));
        assertFalse(holds("192.168.5.128/25", "192.168.5.127"));
        assertTrue(holds("fd00::/8, 10.1.2.3", "fdff::1"));
        assertFalse(holds("fd00::/8", "fe80::1"));
        assertTrue(holds("0.0.0.0/0", "8.8.8.8"));
    }

    @Test
    void anAddressAloneIsARangeOfOne() {
        assertTrue(holds("10.1.2.3", "10.1.2.3"));
        assertFalse(holds("10.1.2.3", "10.1.2.4"));
        assertTrue(holds("::1", "::1"));
    }

    @Test
    void theTwoKindsOfAddressesAreNeverTheSame() {
        assertFalse(holds("0.0.0.0/0", "fd00::1"));
        assertFalse(holds("::/0", "10.0.0.1"));
        assertTrue(holds("10.0.0.0/8", "::ffff:10.0.0.1"), "an IPv4 address in the dress of IPv6");
    }

    @Test
    void nothingIsNoRange() {
        assertTrue(AddressRanges.of(" , ").isEmpty());
        assertFalse(holds("", "127.0.0.1"));
    }

    @Test
    void aFaultyRangeIsNamedAndAGoodOneShown() {
        Map<String, String> faults = Map.of("10.0.0.0/33", "0 to 32", "fd00::/129", "0 to 128", "10.0.0.7/8", "10.0.0.0/8",
                "example.org/8", "IP address", "10.0.0.0/", "not \"\"", "10.0.0.0/-1", "not \"-1\"");
        faults.forEach((text, hint) -> {
            String message = assertThrows(IllegalArgumentException.class, () -> AddressRanges.of("::1," + text), text)
                    .getMessage();
            assertTrue(message.contains(text) && message.contains(hint), message);
        });
    }

    @Test
    void rangesAreWrittenAsTheyAreRead() {
        assertEquals("10.0.0.0/8, 127.0.0.1/32", AddressRanges.of("10.0.0.0/8,127.0.0.1").toString());
    }
}
