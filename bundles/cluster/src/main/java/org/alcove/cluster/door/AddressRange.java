package org.alcove.cluster.door;

import java.net.InetAddress;

/**
 * Addresses that share their first bits, written like {@code 10.0.0.0/8} or {@code fd00::/8}.
 *
 * @param network an address of the range whose other bits are 0
 * @param bits how many bits are shared
 */
public record AddressRange(InetAddress network, int bits) {

    /**
     * Reads a range; an address alone is a range of one.
     *
     * @throws IllegalArgumentException if it is none; the message says how to write one
     */
    public static AddressRange of(String text) {
        int slash = text.indexOf('/');
        InetAddress network = address(slash < 0 ? text : text.substring(0, slash), text);
        int most = network.getAddress().length * Byte.SIZE;
        int bits = slash < 0 ? most : bits(text.substring(slash + 1), most, text);
        InetAddress masked = masked(network, bits);
        if (!masked.equals(network)) {
            throw new IllegalArgumentException("the address range \"" + text + "\" has bits behind its first " + bits
                    + "; write " + masked.getHostAddress() + "/" + bits + " for the range or " + network.getHostAddress()
                    + " for the one address");
        }
        return new AddressRange(network, bits);
    }

    private static InetAddress address(String literal, String text) {
        try {
            // A literal and no name: who is trusted must not depend on what a name server says.
            return InetAddress.ofLiteral(literal);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the address range \"" + text + "\" does not begin with an IP address; write it"
                    + " like 10.0.0.0/8 or fd00::/8", e);
        }
    }

    private static int bits(String digits, int most, String text) {
        int bits = digits.matches("\\d{1,3}") ? Integer.parseInt(digits) : -1;
        if (bits < 0 || bits > most) {
            throw new IllegalArgumentException("the address range \"" + text + "\" must have 0 to " + most
                    + " after its slash, not \"" + digits + "\"");
        }
        return bits;
    }

    private static InetAddress masked(InetAddress address, int bits) {
        byte[] bytes = address.getAddress();
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.clamp((long) bits - (long) i * Byte.SIZE, 0, Byte.SIZE);
            bytes[i] &= (byte) (0xff00 >> kept);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes has become none", e);
        }
    }

    /** Whether the address is one of these. IPv4 addresses and IPv6 addresses are never the same. */
    public boolean contains(InetAddress address) {
        return address.getAddress().length == network.getAddress().length && masked(address, bits).equals(network);
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + bits;
    }
}
