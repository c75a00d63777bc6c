package org.alcove.openai;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.alcove.accounts.IssuedKeys;
import org.alcove.api.control.Controller;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.RequestException;
import org.alcove.configuration.ConfigurationReader;
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
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door of the OpenAI protocol, {@code /v1/*}: origin, key, path and method are checked here, and every failure becomes the
 * protocol's error object. It opens only once its configuration is there: before, nobody knows whether to ask for keys.
 *
 * <p>A new configuration is for new requests. When the component or the process stops, running answers may go on for
 * {@code drain_seconds}, and who asks anew is told to come again.
 */
@Component(service = Servlet.class, configurationPid = "org.alcove.openai", configurationPolicy = ConfigurationPolicy.REQUIRE)
@HttpWhiteboardServletPattern(OpenAiServlet.PATHS)
@Designate(ocd = OpenAiConfiguration.class)
public final class OpenAiServlet extends HttpServlet {

    static final String PATHS = "/v1/*";

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(OpenAiServlet.class);
    private static final ConfigurationReader<Settings> READER = new ConfigurationReader<>("org.alcove.openai",
            OpenAiConfiguration.class, Settings::of, LOG);
    private static final Pattern CLIENT_ID = Pattern.compile("[!-~]{1,512}");

    private final transient Endpoints endpoints;
    private final transient InFlight inFlight = new InFlight();
    private final transient Doorkeeper doorkeeper;
    private final transient InstantSource clock;
    private final transient Supplier<RequestContext> contexts;
    private final transient FrontDoor door = new FrontDoor(this, inFlight, () -> settings().drain(), PATHS);
    private transient volatile Settings settings;

    @Activate
    public OpenAiServlet(@Reference Controller controller, @Reference LoadableModels loadable, @Reference IssuedKeys keys,
            Map<String, Object> given, BundleContext bundle) throws IOException {
        this(controller, loadable, new Doorkeeper(keys, InstantSource.system(), System::nanoTime),
                READER.first(given, "nobody is answered under /v1"), InstantSource.system(), RequestContext::fresh);
        door.open(bundle);
    }

    OpenAiServlet(Controller controller, LoadableModels loadable, Doorkeeper doorkeeper, Settings settings, InstantSource clock,
            Supplier<RequestContext> contexts) {
        this.doorkeeper = doorkeeper;
        this.endpoints = new Endpoints(controller, loadable, inFlight);
        this.settings = settings;
        this.clock = clock;
        this.contexts = contexts;
    }

    @Modified
    void configure(Map<String, Object> given) {
        READER.next(given).ifPresent(next -> settings = next);
    }

    @Deactivate
    void stop(BundleContext bundle) throws InterruptedException {
        door.close(bundle);
    }

    /** Closes the door by hand. */
    void drain(String reason) throws InterruptedException {
        door.drain(reason);
    }

    private Settings settings() {
        return settings;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
        Instant arrived = clock.instant();
        long nanos = System.nanoTime();
        RequestContext context = contexts.get();
        Exchange exchange = new Exchange(request, response, context, arrived, nanos, settings, Pass.FREE);
        response.setHeader("x-request-id", context.id());
        try {
            serve(exchange);
        } catch (ClosedException closed) {
            fail(exchange, ApiError.closing(closed.getMessage()));
        } catch (ApiException refused) {
            fail(exchange, refused.error());
        } catch (RequestException refused) {
            fail(exchange, ApiError.of(refused.failure()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            fail(exchange, ApiError.internal(context.id()));
        } catch (IOException gone) {
            leave(exchange, gone);
        } catch (RuntimeException fault) {
            Faults.log(context.id(), fault);
            fail(exchange, ApiError.internal(context.id()));
        }
    }

    private void serve(Exchange exchange) throws IOException, InterruptedException {
        boolean given = exchange.settings().cors().allow(exchange.request(), exchange.response());
        if (Cors.isPreflight(exchange.request())) {
            if (!given) {
                throw Cors.foreign();
            }
            Cors.preflight(exchange.request(), exchange.response());
            return;
        }
        inFlight.requireOpen();
        endpoints.serve(doorkeeper.admit(traced(exchange)));
    }

    private static Exchange traced(Exchange exchange) {
        String id = exchange.request().getHeader("X-Client-Request-Id");
        if (id == null) {
            return exchange;
        }
        if (!CLIENT_ID.matcher(id).matches()) {
            throw ApiException.invalid("X-Client-Request-Id",
                    "X-Client-Request-Id must be 1 to 512 visible ASCII characters without spaces");
        }
        exchange.response().setHeader("x-client-request-id", id);
        return exchange.with(exchange.context().withTrace(id));
    }

    /** A client that is gone is no fault of the server; one that sent half a body may still listen. */
    private static void leave(Exchange exchange, IOException gone) {
        LOG.debug("request {}: the client is gone: {}", exchange.context().id(), gone.getClass().getName());
        if (!exchange.response().isCommitted()) {
            fail(exchange, ApiError.invalid(400, null, "body_incomplete", "the body did not arrive whole; send it again"));
        }
    }

    /** Where an answer has begun, an error can only be told by cutting it off. */
    private static void fail(Exchange exchange, ApiError error) {
        try {
            if (exchange.response().isCommitted()) {
                exchange.response().getOutputStream().write(Exchange.bytes(error.json()));
                exchange.response().flushBuffer();
                exchange.cut();
            } else {
                exchange.response().resetBuffer();
                exchange.answer(error);
            }
        } catch (IOException deaf) {
            LOG.debug("request {}: the client does not hear how it failed", exchange.context().id());
        }
    }
}
