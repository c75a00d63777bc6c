package org.alcove.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Small bodies that ask for much. */
class HugeValueTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long MEGABYTE = 1 << 20;

    private static ObjectNode chat() {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", "tiny");
        body.putArray("messages").addObject().put("role", "user").put("content", "Hi");
        return body;
    }

    private static String zeros(ObjectNode in, String field, int count) {
        for (var list = in.putArray(field); list.size() < count;) {
            list.add(0);
        }
        return field;
    }

    private static ApiError refusal(ObjectNode body) {
        return assertThrows(ApiException.class, () -> ChatFields.read(ChatFields.table(), Value.whole(body))).error();
    }

    /** What reading takes on this thread, refused or not; what happens first and once is not counted. */
    private static long bytes(Runnable reading) {
        reading.run();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        reading.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void theNameOfAListIsNotSpelledForEachOfItsElements() {
        ObjectNode body = chat();
        zeros(body.putObject("chat_template_kwargs"), "k".repeat(1000), 60_000);
        long bytes = bytes(() -> ChatFields.read(ChatFields.table(), Value.whole(body)));
        assertTrue(bytes < 16 * MEGABYTE, "bytes: " + bytes);
    }

    @Test
    void aListThatMustBeEmptyIsNotGoneThrough() {
        for (String field : new String[] {"tools", "functions"}) {
            ObjectNode body = chat();
            zeros(body, field, 1_000_000);
            long bytes = bytes(() -> assertEquals(field, refusal(body).param()));
            assertTrue(bytes < MEGABYTE, "bytes for " + field + ": " + bytes);
        }
    }

    @Test
    void aPromptOfTooManyTokensIsRefusedWithBothNumbers() {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", "tiny");
        zeros(body, "prompt", 1_048_577);
        long bytes = bytes(() -> {
            ApiError error = assertThrows(ApiException.class,
                    () -> CompletionFields.read(CompletionFields.table(), Value.whole(body))).error();
            assertEquals("prompt has 1048577 elements; it must have 1 to 1048576", error.message());
        });
        assertTrue(bytes < MEGABYTE, "bytes: " + bytes);
    }

    @Test
    void anArgumentOfATemplateHasBounds() {
        ObjectNode listed = chat();
        zeros(listed.putObject("chat_template_kwargs"), "a", 65_537);
        assertEquals("chat_template_kwargs.a has 65537 elements; it must have 0 to 65536", refusal(listed).message());

        ObjectNode named = chat();
        named.putObject("chat_template_kwargs").put("k".repeat(1025), 0);
        ApiError error = refusal(named);
        assertEquals("chat_template_kwargs", error.param());
        assertEquals("chat_template_kwargs has a key of 1025 characters, more than 1024", error.message());
        named.putObject("chat_template_kwargs").putObject("a").put("k".repeat(1025), 0);
        assertEquals("chat_template_kwargs.a has a key of 1025 characters, more than 1024", refusal(named).message());
    }

    @Test
    void aLongNameIsShortenedWhereAnErrorTellsThePlace() {
        ObjectNode body = chat();
        body.putObject("metadata").put("k".repeat(64), 7);
        assertEquals("metadata." + "k".repeat(40) + "…", refusal(body).param());
    }
}
