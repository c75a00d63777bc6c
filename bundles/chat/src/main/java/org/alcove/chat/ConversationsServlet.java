package org.alcove.chat;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alcove.accounts.IssuedKeys;
import org.alcove.configuration.ConfigurationReader;
import org.alcove.configuration.GivenValues;
import org.alcove.keys.ApiKeys;
import org.alcove.keys.Callers;
import org.alcove.keys.Callers.Caller;
import org.alcove.keys.KeylessDoor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /chat/conversations}: keeps conversations of readers who chose so. GET gives all, one a line; GET, PUT and DELETE with
 * a name read and change one; DELETE without one takes all away. A conversation's revision is its {@code ETag}; who writes tells
 * by {@code If-Match} or {@code If-None-Match} what is to be replaced or deleted, so that nobody undoes what another page wrote.
 *
 * <p>Whose they are is told by a code of 256 random bits that the reader's page made, in the header {@value #CODE}. No cookie
 * says anything here, and a page of another origin can send no such header: so no other page can act for the reader.
 */
@Component(service = Servlet.class, configurationPid = {"org.alcove.openai", "org.alcove.chat"},
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@HttpWhiteboardServletPattern("/chat/conversations/*")
public final class ConversationsServlet extends HttpServlet {

    static final String CODE = "X-Alcove-Box";

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ConversationsServlet.class);
    private static final Pattern CODES = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern NAMES = Pattern.compile("[0-9A-Za-z-]{1,64}");
    /** A revision in quotes; a proxy that compresses answers says W/ before it, or adds how it did within. */
    private static final Pattern TAGS = Pattern.compile("(?:W/)?\"([0-9a-f]{24})(?:-[-0-9A-Za-z]{1,16})?\"");
    private static final long BYTES = 1_000_000;
    private static final Set<String> METHODS = Set.of("GET", "PUT", "DELETE");

    private final transient ConfigurationReader<Terms> reader;
    private transient volatile Terms terms;

    /**
     * What was configured.
     *
     * @param root where conversations are
     * @param megabytes most of all of them; 0 for none
     */
    private record Terms(Path root, int megabytes, ConversationStore store, Callers callers, KeylessDoor door) {
    }

    @Activate
    public ConversationsServlet(Map<String, Object> given, @Reference IssuedKeys keys) throws IOException {
        reader = new ConfigurationReader<>("org.alcove.chat", ConversationsConfiguration.class,
                values -> terms(values, keys), LOG);
        terms = reader.first(given, "conversations are not kept on the server");
    }

    @Modified
    void change(Map<String, Object> given) {
        reader.next(given).ifPresent(next -> terms = next);
    }

    private Terms terms(GivenValues values, IssuedKeys keys) {
        int megabytes = values.integer("conversations_megabytes", 0);
        Path root = values.folder("data_folder").resolve("conversations");
        Terms before = terms;
        ConversationStore store = before != null && before.megabytes() == megabytes && before.root().equals(root)
                ? before.store() : new ConversationStore(root,
                        new DiskRoom(root, megabytes * BYTES, ConversationStore.BOXES, InstantSource.system()));
        return new Terms(root, megabytes, store,
                new Callers(ApiKeys.of(values.text("api_keys_file")), values.flag("key_required"), keys,
                        InstantSource.system()),
                new KeylessDoor(values.texts("cors_origins"), values.text("own_host").strip(), values.flag("behind_tls_proxy")));
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        try {
            serve(request, response);
        } catch (StoreException refused) {
            fail(response, refused.status(), refused.getMessage());
        } catch (IOException e) {
            LOG.error("Kept conversations cannot be read or written", e);
            fail(response, 500, "the server cannot read or write kept conversations; its log says why");
        }
    }

    private void serve(HttpServletRequest request, HttpServletResponse response) throws IOException, StoreException {
        if (terms.megabytes() == 0) {
            throw new StoreException(404, "this server keeps no conversations");
        }
        if (!METHODS.contains(request.getMethod())) {
            response.setHeader("Allow", "GET, PUT, DELETE");
            throw new StoreException(405, "use GET, PUT or DELETE");
        }
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin")) {
            throw new StoreException(403, "only the chat page of this server may ask");
        }
        String code = request.getHeader(CODE);
        if (code == null || !CODES.matcher(code).matches()) {
            throw new StoreException(400, "the header " + CODE + " must hold a code of 64 hexadecimal digits");
        }
        Seal seal = new Seal(code, holder(request));
        String path = request.getPathInfo() == null ? "" : request.getPathInfo().replaceFirst("^/", "");
        if (path.isEmpty()) {
            box(request, response, seal);
        } else {
            one(request, response, seal, path);
        }
    }

    private void one(HttpServletRequest request, HttpServletResponse response, Seal seal, String path)
            throws IOException, StoreException {
        if (!NAMES.matcher(path).matches()) {
            throw new StoreException(404, "a conversation has a name of at most 64 letters, digits and hyphens");
        }
        switch (request.getMethod()) {
            case "PUT" -> {
                ConversationStore.Known known = known(request);
                response.setHeader("ETag", '"' + terms.store().put(seal, path, line(request), known) + '"');
                response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            }
            case "DELETE" -> {
                terms.store().remove(seal, path, known(request));
                response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            }
            default -> {
                // Not 404: that is what a server says that keeps none at all.
                ConversationStore.Kept kept = terms.store().one(seal, path).orElseThrow(
                        () -> new StoreException(410, "the server keeps no conversation " + path + " under this code"));
                response.setHeader("ETag", '"' + kept.revision() + '"');
                response.setContentType("application/json");
                response.getOutputStream().write(kept.text());
            }
        }
    }

    /** What the writer knows of what is there. */
    private static ConversationStore.Known known(HttpServletRequest request) throws StoreException {
        String match = request.getHeader("If-Match");
        String noneMatch = request.getHeader("If-None-Match");
        if (noneMatch != null && (match != null || !noneMatch.equals("*"))) {
            throw new StoreException(400, "If-None-Match must be *, for what is written only where there is none, and without"
                    + " If-Match");
        }
        if (match == null) {
            return new ConversationStore.Known(noneMatch == null, Optional.empty());
        }
        Matcher tag = TAGS.matcher(match);
        if (!tag.matches()) {
            throw new StoreException(400, "If-Match must be one revision in quotes, as ETag told it");
        }
        return new ConversationStore.Known(false, Optional.of(tag.group(1)));
    }

    private void box(HttpServletRequest request, HttpServletResponse response, Seal seal) throws IOException, StoreException {
        switch (request.getMethod()) {
            case "GET" -> {
                response.setContentType("application/x-ndjson");
                terms.store().each(seal, conversation -> {
                    response.getOutputStream().write(conversation);
                    response.getOutputStream().write('\n');
                });
            }
            case "DELETE" -> {
                terms.store().removeAll(seal);
                response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            }
            default -> {
                response.setHeader("Allow", "GET, DELETE");
                throw new StoreException(405, "a conversation needs a name");
            }
        }
    }

    /** Whose API key it is; empty where none is asked for. */
    private String holder(HttpServletRequest request) throws StoreException {
        return switch (terms.callers().who(request.getHeader("Authorization"))) {
            case Caller.Anybody anybody -> {
                requireOwn(request);
                yield "";
            }
            case Caller.Named named -> "file " + named.name();
            case Caller.Holder holder -> "issued " + holder.key().id();
            case Caller.Denied denied -> throw new StoreException(401, denied.message());
            case Caller.Unreadable unreadable ->
                    throw new StoreException(503, "the server cannot read its API keys; its log says why");
        };
    }

    /** Where no key is asked for, a page of others whose name was made to mean this machine shall not fill the disk. */
    private void requireOwn(HttpServletRequest request) throws StoreException {
        Optional<KeylessDoor.Refusal> refusal = terms.door().refusal(request.getServerName(), request.getHeader("Host"),
                request.getHeader("Origin"), request.isSecure());
        if (refusal.isPresent()) {
            throw new StoreException(403, refusal.get().message());
        }
    }

    /** A conversation is one line, so that many can be told apart. */
    private static byte[] line(HttpServletRequest request) throws IOException, StoreException {
        String encoding = request.getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new StoreException(415, "Content-Encoding is not understood here; send the conversation as it is");
        }
        byte[] body = body(request);
        if (body.length > ConversationStore.LARGEST) {
            throw new StoreException(413, "a conversation may have " + ConversationStore.LARGEST
                    + " bytes, and this one has more");
        }
        for (byte letter : body) {
            if (letter == '\n' || letter == '\r') {
                throw new StoreException(400, "a conversation must be one line of JSON");
            }
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
        } catch (CharacterCodingException e) {
            throw new StoreException(400, "a conversation must be UTF-8");
        }
        return body;
    }

    /** That it does not come whole is the fault of who sends it, and of no file here. */
    private static byte[] body(HttpServletRequest request) throws StoreException {
        try {
            return request.getInputStream().readNBytes(ConversationStore.LARGEST + 1);
        } catch (IOException cut) {
            throw new StoreException(400, "the conversation did not arrive whole; send it again");
        }
    }

    private static void fail(HttpServletResponse response, int status, String message) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.setStatus(status);
        response.setContentType("application/json");
        response.getOutputStream().write(("{\"error\":{\"message\":\"" + message.replace("\\", "\\\\").replace("\"", "\\\"")
                + "\"}}").getBytes(StandardCharsets.UTF_8));
    }
}
