package org.alcove.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who comes in without a key: by which name, from whose page, behind what. */
class KeylessDoorTest {

    private static final String GIVEN = "https://chat.example.org";

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "localhost:8080, -, false, false, ''",
        "127.0.0.1:8080, http://127.0.0.1:8080, false, false, ''",
        "[::1]:8080, http://[::1]:8080, false, false, ''",
        "192.168.1.7:8080, -, false, false, ''",
        "own.example:8080, http://own.example:8080, false, false, ''",
        "LOCALHOST:8080, https://chat.example.org, false, false, ''",
        "evil.example:8080, -, false, false, host_not_allowed",
        "evil.example:8080, http://evil.example:8080, false, false, host_not_allowed",
        "127.0.0.1:8080, http://evil.example, false, false, origin_not_allowed",
        "127.0.0.1:8080, http://127.0.0.1:9090, false, false, origin_not_allowed",
        "127.0.0.1:8080, null, false, false, origin_not_allowed",
        "any.example, https://any.example, true, false, ''",
        "any.example, http://any.example, true, false, origin_not_allowed",
        "any.example, https://any.example:8443, true, false, origin_not_allowed",
        "any.example:8443, https://any.example:8443, false, true, ''"
    })
    void whoComesInWithoutAKey(String host, String origin, boolean behindProxy, boolean secure, String code) {
        String name = host.replaceFirst(":\\d+$", "");
        assertEquals(code, new KeylessDoor(List.of(GIVEN), "own.example", behindProxy).refusal(name, host, origin, secure)
                .map(KeylessDoor.Refusal::code).orElse(""));
    }
}
