package org.alcove.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.alcove.accounts.IssuedKeys;
import org.alcove.api.control.Controller;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.api.worker.Worker;
import org.alcove.cluster.stream.LiveFrames;
import org.alcove.cluster.wire.FailureCodec;
import org.alcove.cluster.wire.Fields;
import org.alcove.cluster.wire.FrameWriter;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.WireException;
import org.alcove.cluster.wire.WorkerReport;
import org.alcove.configuration.ConfigurationReader;
import org.alcove.keys.Callers;
import org.alcove.web.stopping.ClosedException;
import org.alcove.web.stopping.FrontDoor;
import org.alcove.web.stopping.InFlight;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door for clients that verify first: {@code GET /attestation?nonce=…} tells of every worker where it runs, and
 * {@code POST /sealed/v1/generate} brings what was sealed to one of them. Evidence is for everybody: who is asked for a key
 * before it is proven who asks for it has given the key away.
 *
 * <p>A new configuration is for new requests. When the component or the process stops, running answers may go on for
 * {@code drain_seconds}.
 */
@Component(service = Servlet.class, configurationPid = "org.alcove.sealed", configurationPolicy = ConfigurationPolicy.REQUIRE)
@HttpWhiteboardServletPattern({SealedServlet.EVIDENCE, SealedServlet.SEALED})
@Designate(ocd = SealedConfiguration.class)
public final class SealedServlet extends HttpServlet {

    static final String EVIDENCE = "/attestation";
    static final String SEALED = "/sealed/v1/generate";

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(SealedServlet.class);
    private static final int MOST_ASKING = 4;
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final transient Controller controller;
    private final transient IssuedKeys keys;
    private final transient Semaphore asking = new Semaphore(MOST_ASKING);
    private final transient InstantSource clock = InstantSource.system();
    private final transient InFlight inFlight = new InFlight();
    private final transient FrontDoor door = new FrontDoor(this, inFlight, () -> settings().drain(), EVIDENCE, SEALED);
    private transient volatile SealedSettings settings;
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private transient volatile List<Worker> workers = List.of();

    /** An answer on its way; who reads it is told that it ended before it was whole. */
    private record Running(Generation answer) implements InFlight.Answer {
        @Override
        public void cut(String reason) {
            answer.close();
        }
    }

    @Activate
    public SealedServlet(@Reference Controller controller, @Reference IssuedKeys keys, Map<String, Object> given,
            BundleContext bundle) throws IOException {
        this(controller, List.of(), keys, reader(keys).first(given, "no sealed request is answered"));
        door.open(bundle);
    }

    SealedServlet(Controller controller, List<Worker> workers, IssuedKeys keys, SealedSettings settings) {
        this.controller = controller;
        this.keys = keys;
        this.settings = settings;
        this.workers = workers;
    }

    @Modified
    void configure(Map<String, Object> given) {
        reader(keys).next(given).ifPresent(next -> settings = next);
    }

    private static ConfigurationReader<SealedSettings> reader(IssuedKeys keys) {
        return new ConfigurationReader<>("org.alcove.sealed", SealedConfiguration.class,
                values -> SealedSettings.of(values, keys), LOG);
    }

    @Deactivate
    void stop(BundleContext bundle) throws InterruptedException {
        door.close(bundle);
    }

    private SealedSettings settings() {
        return settings;
    }

    /** Closes it by hand. */
    void drain(String reason) throws InterruptedException {
        door.drain(reason);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean evidence = request.getServletPath().equals(EVIDENCE);
        if (!request.getMethod().equals(evidence ? "GET" : "POST")) {
            response.setHeader("Allow", evidence ? "GET" : "POST");
            reply(response, 405, FailureCodec.error("method_not_allowed", "this path takes " + (evidence ? "GET" : "POST")
                    + " alone"));
            return;
        }
        try {
            inFlight.requireOpen();
            if (evidence) {
                reply(response, 200, evidence(request));
            } else {
                generate(request, response);
            }
        } catch (ClosedException closed) {
            // The connection ends, because a new one may lead to somebody who takes requests.
            response.setHeader("Connection", "close");
            response.setHeader("Retry-After", Long.toString(RETRY.toSeconds()));
            fail(response, 503, FailureCodec.body(new Failure.Unavailable(RETRY, closed.getMessage())));
        } catch (SealedCallers.Refusal refused) {
            reply(response, refused.status(), FailureCodec.error(refused.code(), refused.getMessage()));
        } catch (RequestException refused) {
            fail(response, FailureCodec.status(refused.failure()), FailureCodec.body(refused.failure()));
        } catch (WireException faulty) {
            fail(response, faulty.kind().status(), FailureCodec.body(new Failure.Invalid("", faulty.getMessage())));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            fail(response, 503, FailureCodec.body(new Failure.Unavailable(RETRY, "this process is being stopped")));
        } catch (RuntimeException fault) {
            LOG.error("A sealed request failed: {}", fault.getClass().getName());
            fail(response, 500, FailureCodec.body(new Failure.Internal("a fault of this process; its log says more")));
        }
    }

    private ObjectNode evidence(HttpServletRequest request) throws InterruptedException {
        byte[] nonce = nonce(request.getParameter("nonce"));
        if (!asking.tryAcquire()) {
            throw new RequestException(new Failure.Overloaded(RETRY, MOST_ASKING + " others are being shown evidence, which is"
                    + " as many as at a time; ask again"));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ObjectNode>> told = new ArrayList<>();
            for (Worker worker : workers) {
                told.add(threads.submit(() -> evidence(worker, nonce)));
            }
            ObjectNode json = Json.object();
            ArrayNode list = json.putArray("workers");
            for (Future<ObjectNode> each : told) {
                list.add(each.get());
            }
            return json;
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("evidence could not be collected", e.getCause());
        } finally {
            asking.release();
        }
    }

    private ObjectNode evidence(Worker worker, byte[] nonce) {
        ObjectNode json = Json.object();
        json.set("report", WorkerReport.of(worker, clock.instant()).json());
        try {
            json.put("evidence", Base64.getEncoder().encodeToString(worker.evidence(nonce)));
        } catch (RequestException e) {
            json.put("problem", e.getMessage());
        }
        return json;
    }

    private static byte[] nonce(String hex) {
        if (hex == null || !hex.matches("[0-9a-f]{64}")) {
            throw new RequestException(new Failure.Invalid("nonce", "give ?nonce= with 32 bytes of your choice, as 64 small"
                    + " hexadecimal digits"));
        }
        return HexFormat.of().parseHex(hex);
    }

    private void generate(HttpServletRequest request, HttpServletResponse response) throws IOException, InterruptedException,
            SealedCallers.Refusal {
        SealedSettings now = settings;
        Callers.Caller caller = now.callers().admit(request);
        String type = request.getContentType();
        if (type == null || !type.startsWith("application/json")) {
            // A page of another origin can send any other type without being asked.
            reply(response, 415, FailureCodec.error("unsupported_type", "send application/json"));
            return;
        }
        Fields fields = body(request, now.maxBodyBytes());
        GenerateRequest sealed = sealed(fields, RequestContext.fresh()
                .withTenant(SealedCallers.tenant(caller, fields.text("model"))));
        try (Generation answer = controller.generate(sealed)) {
            Running running = new Running(answer);
            inFlight.add(running);
            try {
                response.setStatus(200);
                response.setContentType("application/octet-stream");
                response.setHeader("Cache-Control", "no-store");
                response.setHeader("x-request-id", sealed.context().id());
                response.flushBuffer();
                // The controller watches its workers itself: whether one stands still is no client's business.
                new LiveFrames(now.ping(), () -> Duration.ZERO).write(new FrameWriter(response.getOutputStream()), answer);
            } finally {
                inFlight.remove(running);
            }
        }
    }

    /** What those in between see of a request. */
    private static GenerateRequest sealed(Fields fields, RequestContext context) {
        return new GenerateRequest(fields.text("model"), context.withSealedBody(fields.bytes("sealed_body")),
                new GenerateRequest.Text(""), SamplingParameters.GREEDY, GenerateRequest.Limits.tokens(0),
                GenerateRequest.Logprobs.NONE);
    }

    private static Fields body(HttpServletRequest request, int maxBodyBytes) throws IOException {
        byte[] bytes = request.getInputStream().readNBytes(maxBodyBytes + 1);
        if (bytes.length > maxBodyBytes) {
            throw new RequestException(new Failure.Invalid("", "the body has more than " + maxBodyBytes
                    + " bytes (max_body_bytes of org.alcove.sealed)"));
        }
        return Json.read(bytes, "the body");
    }

    private static void fail(HttpServletResponse response, int status, JsonNode body) throws IOException {
        if (response.isCommitted()) {
            throw new IOException("an answer broke off after it had begun");
        }
        reply(response, status, body);
    }

    private static void reply(HttpServletResponse response, int status, JsonNode body) throws IOException {
        byte[] bytes = Json.bytes(body);
        response.setStatus(status);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
        response.flushBuffer();
    }
}
