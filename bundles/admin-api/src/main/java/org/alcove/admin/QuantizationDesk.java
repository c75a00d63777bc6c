package org.alcove.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.alcove.accounts.Role;
import org.alcove.api.control.Quantizer;
import org.alcove.api.kernel.PackedLayout;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Quantizing models into the models folder, one at a time, with progress and a report of what it cost. */
@Component(service = {Desk.class, QuantizationDesk.class})
public final class QuantizationDesk implements Desk {

    private static final String QUANTIZATIONS = "quantizations";
    private static final Pattern TARGET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    /** What can be had is said again here, so that nobody waits for a job that must fail. */
    private static final String GGUF_ALONE = "sym_int8";
    private static final List<String> SCHEMES = List.of("sym_int4", "asym_int4", GGUF_ALONE);
    private static final List<Integer> GROUPS = List.of(32, 64, 128, 256, 512, 1024);
    private static final String CHANNEL = "channel";
    static final String GROUPS_TOLD = "one of " + GROUPS.stream().map(String::valueOf).collect(Collectors.joining(", "))
            + " or \"" + CHANNEL + "\", which is a whole row";
    static final int USUAL_GROUP = 32;
    private static final int REMEMBERED = 20;

    private final Quantizer quantizer;
    private final ModelShelf shelf;
    /** Newest first. */
    private final Deque<QuantizationJob> jobs = new ArrayDeque<>();
    private int count;

    /**
     * What somebody wants.
     *
     * @param source name of a model
     * @param target name of the model to make
     * @param group weights for each scale, or {@link PackedLayout#CHANNEL}
     * @param container {@code gguf} or {@code hf}
     * @param by who wants it
     */
    record Wish(String source, String target, String scheme, int group, String container, String by) {
    }

    @Activate
    public QuantizationDesk(@Reference Quantizer quantizer, @Reference ConfigurationAdmin admin, BundleContext context) {
        this(quantizer, ModelDesk.shelf(admin, context));
    }

    QuantizationDesk(Quantizer quantizer, ModelShelf shelf) {
        this.quantizer = quantizer;
        this.shelf = shelf;
    }

    @Deactivate
    synchronized void stop() {
        jobs.forEach(QuantizationJob::stop);
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.see(QUANTIZATIONS, Role.VIEWER, call -> list()),
                Route.change("POST", QUANTIZATIONS, Role.OPERATOR, "model.quantize", this::begin),
                Route.see("quantizations/*", Role.VIEWER, call -> Route.Reply.ok(named(call.star()).json())),
                Route.order("DELETE", "quantizations/*", Role.OPERATOR, "model.quantize.stop", this::cancel));
    }

    private synchronized Route.Reply list() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode list = json.putArray(QUANTIZATIONS);
        jobs.forEach(job -> list.add(job.json()));
        return Route.Reply.ok(json);
    }

    /** The last ones, newest first. */
    synchronized List<QuantizationJob> jobs() {
        return List.copyOf(jobs);
    }

    private synchronized QuantizationJob named(String id) {
        return jobs.stream().filter(job -> job.id().equals(id)).findFirst()
                .orElseThrow(() -> AdminException.unknown("there is no such job; the last " + REMEMBERED + " are remembered"));
    }

    private Route.Reply begin(Call call) throws IOException {
        ObjectNode body = call.body("source", "target", "scheme", "group_size", "container");
        String source = Call.text(body, "source");
        String target = Call.text(body, "target");
        String scheme = Call.text(body, "scheme");
        String container = Call.text(body, "container", "gguf");
        int group = body.hasNonNull("group_size") ? group(body.get("group_size")) : USUAL_GROUP;
        call.tell(source, scheme + " as " + target);
        return new Route.Reply(202, begin(new Wish(source, target, scheme, group, container, call.caller().name())).json());
    }

    private static int group(JsonNode node) {
        boolean known = node.isIntegralNumber() || node.asText().equals(CHANNEL);
        return group(known ? node.asText() : "").orElseThrow(() -> AdminException.invalid("\"group_size\" must be " + GROUPS_TOLD
                + ", not " + Call.shown(node.toString())));
    }

    /** Weights for each scale; empty where no scheme has groups of that many. */
    static OptionalInt group(String word) {
        return word.equals(CHANNEL) ? OptionalInt.of(PackedLayout.CHANNEL)
                : GROUPS.stream().filter(group -> group.toString().equals(word)).mapToInt(Integer::intValue).findFirst();
    }

    /**
     * Begins a job.
     *
     * @throws AdminException if the wish makes no sense, or a job is running
     */
    QuantizationJob begin(Wish wish) throws IOException {
        String target = wish.target();
        if (!TARGET.matcher(target).matches() || target.endsWith(".gguf")) {
            throw AdminException.invalid("\"target\" must be a name of up to 100 letters, digits, dots, dashes and underscores, "
                    + "without .gguf");
        }
        boolean gguf = wish.container().equals("gguf");
        if (!SCHEMES.contains(wish.scheme()) || !gguf && !wish.container().equals("hf")) {
            throw AdminException.invalid("\"scheme\" must be one of " + String.join(", ", SCHEMES)
                    + ", and \"container\" gguf or hf");
        }
        if (gguf && wish.group() != USUAL_GROUP) {
            throw AdminException.invalid("\"group_size\" must be " + USUAL_GROUP + " where \"container\" is gguf; ask for hf to"
                    + " have other groups");
        }
        if (!gguf && wish.scheme().equals(GGUF_ALONE)) {
            throw AdminException.invalid("\"container\" must be gguf where \"scheme\" is " + GGUF_ALONE);
        }
        ModelShelf.Book book = shelf.named(wish.source());
        if (shelf.books().containsKey(target)) {
            throw AdminException.conflict("name_taken", "there is a model of the name of the target already");
        }
        Path file = Files.createDirectories(shelf.folder()).resolve(gguf ? target + ".gguf" : target);
        Quantizer.Order order = new Quantizer.Order(book.path(), file, wish.scheme(), wish.group(),
                gguf ? Quantizer.Container.GGUF : Quantizer.Container.HF);
        return start(order, wish);
    }

    private synchronized QuantizationJob start(Quantizer.Order order, Wish wish) {
        Optional<QuantizationJob> running = jobs.stream().filter(job -> job.state() == QuantizationJob.State.RUNNING).findFirst();
        if (running.isPresent()) {
            throw AdminException.conflict("busy", "the job " + running.get().id() + " is running; wait for it, or stop it");
        }
        QuantizationJob job = new QuantizationJob(
                new QuantizationJob.Names("q" + ++count, wish.source(), wish.target(), wish.by()), Instant.now(), quantizer,
                order);
        jobs.addFirst(job);
        if (jobs.size() > REMEMBERED) {
            jobs.removeLast();
        }
        Thread.ofPlatform().daemon().name("alcove-quantize-" + job.id()).start(job);
        return job;
    }

    private Route.Reply cancel(Call call) {
        return Route.Reply.ok(cancel(call.star()).json());
    }

    /** @throws AdminException if there is no such job, or it runs no more */
    QuantizationJob cancel(String id) {
        QuantizationJob job = named(id);
        if (job.state() != QuantizationJob.State.RUNNING) {
            throw AdminException.conflict("not_running", "the job has ended already");
        }
        job.stop();
        return job;
    }
}
