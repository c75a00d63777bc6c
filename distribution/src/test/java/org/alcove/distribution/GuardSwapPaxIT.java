package org.alcove.distribution;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.inject.Inject;
import org.alcove.api.guard.AnswerWatch;
import org.alcove.api.guard.Guard;
import org.alcove.api.guard.GuardName;
import org.alcove.api.guard.Guards;
import org.alcove.api.guard.Verdict;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestException;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Guards come, change and go while answers are written: one built by its page, and one of the test's own. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class GuardSwapPaxIT {

    private static final String PROMPT = "Once upon a time";
    private static final String RULES = "com.example.house_rules";
    private static final String MARK = "a mark of this test";
    private static final int TOKENS = 60;

    /** Built once for all tests. */
    private static Path guardJar;

    @Inject
    private BundleContext context;

    @Configuration
    public Option[] configuration() {
        return InsideFramework.options();
    }

    private void configure(String pid, Map<String, Object> values) throws IOException {
        RunningModel.service(context, ConfigurationAdmin.class).getConfiguration(pid, "?").update(new Hashtable<>(values));
    }

    private Failure refusal(RunningModel model) {
        return assertThrows(RequestException.class, () -> model.start(PROMPT, 1).close()).failure();
    }

    private long judged(String guard) {
        return RunningModel.service(context, Guards.class).figures().stream().filter(one -> one.guard().equals(guard))
                .mapToLong(Guards.Figures::requests).sum();
    }

    /** A guard that ends answers at their next piece of text. */
    private ServiceRegistration<Guard> endsEveryAnswer() {
        Guard guard = new Guard() {
            @Override
            public Verdict judge(GenerateRequest request) {
                return Verdict.PASS;
            }

            @Override
            public Optional<AnswerWatch> watch(GenerateRequest request) {
                return Optional.of(text -> false);
            }
        };
        return context.registerService(Guard.class, guard, new Hashtable<>(Map.of(GuardName.PROPERTY, "severe")));
    }

    @Test
    public void aGuardBuiltByItsPageIsInstalledUpdatedAndRemovedWhileAStreamRuns() throws Exception {
        Path jar = guardJar();
        RunningModel model = RunningModel.serve(context, "guarded", Distribution.smallModel(), Map.of());
        String expected = model.text(PROMPT, TOKENS);
        configure(RULES, Map.of("denied", new String[] {"UPON a"}));
        Bundle guard;
        try (Generation generation = model.start(PROMPT, TOKENS)) {
            String text = RunningModel.deltas(generation, 2);
            guard = install(jar);
            Failure.Refused refused = (Failure.Refused) refusal(model);
            assertEquals("house_rules", refused.guard());
            assertEquals("the request contains what is not talked about here; put it another way", refused.message());
            text += RunningModel.deltas(generation, 2);
            configure(RULES, Map.of("denied", new String[] {"a phrase that nobody says"}));
            RunningModel.await("a request that the changed rules let pass", () -> passes(model));
            try (Generation watched = model.start(PROMPT, TOKENS)) {
                String beginning = RunningModel.deltas(watched, 2);
                guard.update(Files.newInputStream(jar));
                assertEquals(expected, beginning + RunningModel.rest(watched));
            }
            guard.uninstall();
            assertEquals(expected, text + RunningModel.rest(generation));
        }
        long before = judged("house_rules");
        assertTrue("the guard judged " + before + " requests", before >= 2);
        assertEquals(expected, model.text(PROMPT, TOKENS));
        assertEquals(before, judged("house_rules"));
    }

    private static synchronized Path guardJar() {
        guardJar = guardJar == null ? DocumentedProject.build("writing-a-guard.md") : guardJar;
        return guardJar;
    }

    private Bundle install(Path jar) throws Exception {
        try (InputStream in = Files.newInputStream(jar)) {
            Bundle bundle = context.installBundle("outside:" + jar.getFileName(), in);
            bundle.start();
            return bundle;
        }
    }

    private static boolean passes(RunningModel model) {
        try {
            model.start(PROMPT, 1).close();
            return true;
        } catch (RequestException e) {
            return false;
        }
    }

    @Test
    public void aPhraseInTheMiddleOfAnAnswerEndsIt() throws Exception {
        RunningModel model = RunningModel.serve(context, "ended", Distribution.smallModel(), Map.of());
        String whole = model.text(PROMPT, TOKENS);
        String phrase = whole.substring(whole.length() / 2, whole.length() / 2 + 8);
        Bundle guard = install(guardJar());
        try (Generation generation = denying(model, phrase)) {
            StringBuilder text = new StringBuilder();
            GenerationEvent last = null;
            for (GenerationEvent event = generation.next(); event != null; event = generation.next()) {
                last = event;
                if (event instanceof GenerationEvent.Delta delta) {
                    text.append(delta.text());
                }
            }
            GenerationEvent.Finished end = (GenerationEvent.Finished) last;
            assertEquals(GenerationEvent.Reason.CONTENT_FILTER, end.reason());
            assertTrue(end.usage().promptTokens() > 0 && end.usage().completionTokens() < TOKENS);
            assertTrue(text.toString(), whole.startsWith(text.toString()) && !text.toString().contains(phrase));
        } finally {
            guard.uninstall();
        }
    }

    /** A request with the mark shows when the rules count: a configuration comes by a thread of its own. */
    private Generation denying(RunningModel model, String phrase) throws IOException {
        configure(RULES, Map.of("denied", new String[] {phrase, MARK}));
        RunningModel.await("the guard", () -> {
            try {
                model.start(MARK, 1).close();
                return false;
            } catch (RequestException e) {
                return e.failure() instanceof Failure.Refused;
            }
        });
        return model.start(PROMPT, TOKENS);
    }

    @Test
    public void anAnswerGoesOnWithoutAGuardThatIsRemovedAndARequiredOneIsMissed() throws Exception {
        RunningModel model = RunningModel.serve(context, "required", Distribution.smallModel(), Map.of());
        String expected = model.text(PROMPT, TOKENS);
        configure("org.alcove.core.guards", Map.of("required", new String[] {"severe"}));
        try {
            RunningModel.await("a refusal", () -> !passes(model));
            assertTrue(refusal(model).message().startsWith("the guard severe is required"));
            ServiceRegistration<Guard> severe = endsEveryAnswer();
            RunningModel.await("the guard", () -> passes(model));
            try (Generation generation = model.start(PROMPT, TOKENS)) {
                assertTrue(generation.next() instanceof GenerationEvent.Started);
                severe.unregister();
                assertEquals(expected, RunningModel.rest(generation));
            }
            assertTrue(refusal(model) instanceof Failure.Unavailable);
        } finally {
            configure("org.alcove.core.guards", Map.of("required", new String[0]));
        }
        RunningModel.await("a request that passes", () -> passes(model));
        assertEquals(List.of(), RunningModel.service(context, Guards.class).required());
    }
}
