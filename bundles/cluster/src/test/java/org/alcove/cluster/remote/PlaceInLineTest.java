package org.alcove.cluster.remote;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.concurrent.CountDownLatch;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.cluster.stub.StubPeer;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.Requests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class PlaceInLineTest {

    private static final String STARTED =
            "{\"type\":\"started\",\"worker\":\"w\",\"fingerprint\":\"print\",\"seed\":7,\"prompt_tokens\":12}";
    private static final String PING = "{\"type\":\"ping\",\"beat_age_ms\":1,\"place\":3}";
    private static final String DELTA = "{\"type\":\"delta\",\"text\":\"Hi\",\"tokens\":[]}";

    @Test
    void thePlaceInLineIsWhatPingsTellUntilSomethingIsWritten() throws InterruptedException {
        CountDownLatch read = new CountDownLatch(1);
        try (StubPeer peer = new StubPeer(); PeerClient client = Workers.client()) {
            peer.on("/alcove/v1/generate", (asked, reply) -> {
                reply.stream(200).frame(STARTED).frame(PING);
                reply.await(read);
                reply.frame(DELTA).awaitHangUp();
            });
            try (Generation answer = Workers.remote(peer, client, Workers.PATIENCE).generate(Requests.chat("m", "hello"))) {
                assertEquals(0, answer.placeInLine());
                assertInstanceOf(GenerationEvent.Started.class, answer.next());
                Thread reader = Thread.ofVirtual().start(() -> assertDoesNotThrow(answer::next));
                while (answer.placeInLine() != 3 && !Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
                assertEquals(3, answer.placeInLine());
                read.countDown();
                reader.join();
                assertEquals(0, answer.placeInLine());
            }
        }
    }
}
