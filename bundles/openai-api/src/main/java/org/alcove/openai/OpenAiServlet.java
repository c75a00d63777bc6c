package org.alcove.openai;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Hashtable;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.alcove.accounts.IssuedKeys;
import org.alcove.api.control.Controller;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.RequestException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door of the OpenAI protocol, {@code /v1/*}: origin, key, path and method are checked here, and every failure becomes the
 * protocol's error object. It opens only once its configuration is there: before, nobody knows whether to ask for keys.
 *
 * <p>A new configuration is for new requests. When the component or the process stops, running answers may go on for
 * {@code drain_seconds}, and who asks anew is told to come again; the classes that takes are loaded beforehand, since the jar of
 * an updated bundle is closed.
 */
@Component(service = Servlet.class, configurationPid = "org.alcove.openai", configurationPolicy = ConfigurationPolicy.REQUIRE)
@HttpWhiteboardServletPattern(OpenAiServlet.PATHS)
@Designate(ocd = OpenAiConfiguration.class)
public final class OpenAiServlet extends HttpServlet {

    static final String PATHS = "/v1/*";
    static final String PROCESS_STOPS = "this process is stopping; ask another or again";
    static final String REPLACED = "this front end is being stopped or replaced; send the request again";

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(OpenAiServlet.class);
    private static final Pattern CLIENT_ID = Pattern.compile("[!-~]{1,512}");

    private final transient Endpoints endpoints;
    private final transient InFlight inFlight = new InFlight();
    private final transient Doorkeeper doorkeeper;
    private final transient InstantSource clock;
    private final transient Supplier<RequestContext> contexts;
    private final transient SynchronousBundleListener ending = this::hear;
    private transient volatile Settings settings;

    @Activate
    public OpenAiServlet(@Reference Controller controller, @Reference LoadableModels loadable, @Reference IssuedKeys keys,
            OpenAiConfiguration configuration, BundleContext bundle) {
        this(controller, loadable, new Doorkeeper(keys, InstantSource.system(), System::nanoTime), Settings.of(configuration),
                InstantSource.system(), RequestContext::fresh);
        OwnClasses.load(bundle.getBundle());
        bundle.addBundleListener(ending);
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
    void configure(OpenAiConfiguration configuration) {
        settings = Settings.of(configuration);
    }

    /**
     * The framework stops plug-ins first, this one and the kernels among them: then nobody is at the door, and no answer goes on.
     * So it is heard before, and waits until this returns.
     */
    private void hear(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
            try {
                drain(PROCESS_STOPS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Lets running answers go on for a while, and refuses new ones; a second time does nothing. */
    void drain(String reason) throws InterruptedException {
        if (!inFlight.close(reason)) {
            return;
        }
        if (inFlight.count() > 0) {
            LOG.info("{} requests may go on for {} s", inFlight.count(), settings.drain().toSeconds());
        }
        inFlight.drain(settings.drain());
    }

    /**
     * The component is gone from the door by now. It stands there again to say so: until its answers have ended or, where the
     * process stops, until HTTP does, as a service of the framework, which outlives those of this bundle.
     */
    @Deactivate
    void stop(BundleContext bundle) throws InterruptedException {
        bundle.removeBundleListener(ending);
        Bundle framework = bundle.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        boolean forGood = framework.getState() == Bundle.STOPPING;
        ServiceRegistration<Servlet> farewell = (forGood ? framework.getBundleContext() : bundle).registerService(Servlet.class,
                this, new Hashtable<>(Map.of(HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_PATTERN, PATHS)));
        try {
            drain(forGood ? PROCESS_STOPS : REPLACED);
        } finally {
            if (!forGood) {
                farewell.unregister();
            }
        }
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
