package org.alcove.cluster.stub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A worker of FastChat, as far as its protocol is described: counts every prompt as 7 tokens, serves one model in the format of
 * Vicuna with a context of 2048 tokens, and has 3 requests.
 */
public final class FastChatWorkerMock implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GENERATE = "/worker_generate_stream";

    private final StubPeer peer = new StubPeer();
    private String reason = "stop";

    public FastChatWorkerMock(String model) {
        peer.json("/worker_get_status", "{\"model_names\": [\"" + model + "\"], \"speed\": 1, \"queue_length\": 3}")
                .json("/model_details", "{\"context_length\": 2048}")
                .json("/count_token", "{\"count\": 7, \"error_code\": 0}")
                .json("/worker_get_conv_template", """
                        {"conv": {"name": "vicuna_v1.1", "system_template": "{system_message}", "system_message": "A chat.",
                         "roles": ["USER", "ASSISTANT"], "messages": [], "offset": 0, "sep_style": 2, "sep": " ", "sep2": "</s>",
                         "stop_str": "###", "stop_token_ids": null}}""");
        answers("Hello");
    }

    public URI address() {
        return peer.address();
    }

    /** The reason its last chunk gives; null for none, and no last chunk. */
    public FastChatWorkerMock finishesWith(String next) {
        reason = next;
        return this;
    }

    /** Each answer has these chunks, and after them the last again with the reason. */
    public FastChatWorkerMock answers(String... texts) {
        peer.on(GENERATE, (asked, reply) -> {
            reply.stream(200);
            int tokens = 0;
            for (String text : texts) {
                reply.frame(chunk(text, 0, ++tokens, null));
            }
            if (reason != null) {
                reply.frame(chunk(texts[texts.length - 1], 0, tokens, reason));
            }
            reply.end();
        });
        return this;
    }

    /** Each answer is an error. */
    public void fails(int code, String text) {
        peer.on(GENERATE, (asked, reply) -> reply.stream(200)
                .frame(JSON.createObjectNode().put("text", text).put("error_code", code).toString()).end());
    }

    /** Each answer begins with this chunk and never ends; the latch tells that the other side has hung up. */
    public CountDownLatch hangsAfter(String text) {
        CountDownLatch hungUp = new CountDownLatch(1);
        peer.on(GENERATE, (asked, reply) -> {
            reply.stream(200).frame(chunk(text, 0, 1, null));
            reply.awaitHangUp();
            hungUp.countDown();
        });
        return hungUp;
    }

    private static String chunk(String text, int code, int tokens, String reason) {
        ObjectNode chunk = JSON.createObjectNode().put("text", text).put("error_code", code);
        chunk.putObject("usage").put("prompt_tokens", 7).put("completion_tokens", tokens).put("total_tokens", 7 + tokens);
        return chunk.put("finish_reason", reason).toString();
    }

    /** The bodies of the requests for answers. */
    public List<JsonNode> generated() {
        return peer.asked(GENERATE).stream().map(StubPeer.Asked::json).toList();
    }

    /** Whether any request carried a secret. */
    public boolean sawSecret() {
        return peer.all().stream().anyMatch(asked -> asked.headers().containsKey("Authorization"));
    }

    public int templatesAsked() {
        return peer.asked("/worker_get_conv_template").size();
    }

    @Override
    public void close() {
        peer.close();
    }
}
