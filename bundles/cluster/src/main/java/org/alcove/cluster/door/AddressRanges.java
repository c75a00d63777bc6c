package org.alcove.cluster.door;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.alcove.configuration.GivenValues;

/** Some ranges of addresses. */
public record AddressRanges(List<AddressRange> ranges) {

    /** No address at all. */
    public static final AddressRanges NONE = new AddressRanges(List.of());

    public AddressRanges {
        ranges = List.copyOf(ranges);
    }

    /**
     * Reads ranges with commas between them; nothing is none.
     *
     * @throws IllegalArgumentException if one is faulty; the message says how to write it
     */
    public static AddressRanges of(String text) {
        return new AddressRanges(Arrays.stream(text.split(",")).map(String::strip).filter(part -> !part.isEmpty())
                .map(AddressRange::of).toList());
    }

    /**
     * Those from where FastChat's processes may speak.
     *
     * @throws IllegalArgumentException if one is faulty; the message says how to write it
     */
    public static AddressRanges trusted(GivenValues values) {
        try {
            return of(values.text("trust_fastchat"));
        } catch (IllegalArgumentException e) {
            throw values.refusal("trust_fastchat", e.getMessage());
        }
    }

    /** Whether one of them holds the address. */
    public boolean contains(InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    @Override
    public String toString() {
        return ranges.stream().map(AddressRange::toString).collect(Collectors.joining(", "));
    }
}
