package org.alcove.openai;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alcove.accounts.IssuedKeys;
import org.alcove.api.control.Controller;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.condition.Condition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers two chats that nobody sent, once the process answers: code that runs for the first time takes longer, and so the first
 * person waits less. No controller, key or client is asked: they are made up here, and nothing is left of it.
 */
@Component(service = Rehearsal.class, immediate = true)
public final class Rehearsal {

    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
    static final String BODY = """
            {"model": "rehearsal", "messages": [{"role": "system", "content": "-"}, {"role": "user", "content": "Hello"}],
             "max_tokens": 2, "temperature": 0.5, "stream": %s}""";
    private static final int MOST_BYTES = 1024;

    @Activate
    public Rehearsal(@Reference(target = "(" + Condition.CONDITION_ID + "=alcove.answering)") Condition answering) {
        Thread.ofPlatform().daemon().name("alcove-rehearsal").start(Rehearsal::rehearse);
    }

    private static void rehearse() {
        try {
            for (boolean stream : new boolean[] {true, false}) {
                answer(BODY.formatted(stream));
            }
        } catch (RuntimeException | LinkageError e) {
            // Classes cannot be had any more where the front end is replaced meanwhile.
            LOG.warn("Answering could not be rehearsed; the first answer may take longer", e);
        }
    }

    /** What a client would get. */
    static String answer(String body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Settings settings = new Settings(Optional.empty(), false, new Cors(List.of()), MOST_BYTES, Duration.ofMinutes(1),
                Duration.ZERO);
        new OpenAiServlet(controller(), new LoadableModels(), new Doorkeeper(standIn(IssuedKeys.class, Map.of()),
                InstantSource.system(), System::nanoTime), settings, InstantSource.system(), RequestContext::fresh)
                .service(request(body.getBytes(StandardCharsets.UTF_8)),
                        standIn(HttpServletResponse.class, Map.of("getOutputStream", new Output(out))));
        return out.toString(StandardCharsets.UTF_8);
    }

    private static HttpServletRequest request(byte[] body) {
        return standIn(HttpServletRequest.class, Map.of("getMethod", "POST", "getRequestURI", "/v1/chat/completions",
                "getServerName", "localhost", "getContentType", "application/json", "getContentLengthLong", (long) body.length,
                "getInputStream", new Input(new ByteArrayInputStream(body))));
    }

    private static Controller controller() {
        Deque<GenerationEvent> events = new ArrayDeque<>(List.of(new GenerationEvent.Started("", "", 0, 1),
                new GenerationEvent.Delta("Hel", List.of(), Optional.empty()),
                new GenerationEvent.Delta("lo", List.of(), Optional.empty()),
                new GenerationEvent.Finished(GenerationEvent.Reason.STOP, new GenerationEvent.Usage(1, 0, 2))));
        Generation generation = new Generation() {
            @Override
            public GenerationEvent next() {
                return events.poll();
            }

            @Override
            public void close() {
                // Nothing computes it.
            }
        };
        return standIn(Controller.class, Map.of("generate", generation, "models", List.of(), "workers", List.of()));
    }

    /** Answers these methods so, and the others with nothing or false. */
    private static <T> T standIn(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(Rehearsal.class.getClassLoader(), new Class<?>[] {type},
                (proxy, method, arguments) -> answers.getOrDefault(method.getName(),
                        method.getReturnType() == boolean.class ? (Object) false : null)));
    }

    private static final class Input extends ServletInputStream {

        private final ByteArrayInputStream bytes;

        Input(ByteArrayInputStream bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public boolean isFinished() {
            return bytes.available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException("nothing comes later");
        }
    }

    private static final class Output extends ServletOutputStream {

        private final ByteArrayOutputStream bytes;

        Output(ByteArrayOutputStream bytes) {
            this.bytes = bytes;
        }

        @Override
        public void write(int value) {
            bytes.write(value);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException("everything is written at once");
        }
    }
}
