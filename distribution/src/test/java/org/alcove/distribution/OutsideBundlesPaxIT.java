package org.alcove.distribution;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.inject.Inject;
import org.alcove.api.control.Quantizer;
import org.alcove.api.conversation.Message;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;

/** Bundles that other people build: a policy and a kernel by their pages, and a template that is updated. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class OutsideBundlesPaxIT {

    @Inject
    private BundleContext context;

    @Configuration
    public Option[] configuration() {
        return InsideFramework.options();
    }

    private Bundle install(Path jar) throws IOException, BundleException {
        try (InputStream in = Files.newInputStream(jar)) {
            Bundle bundle = context.installBundle("outside:" + jar.getFileName(), in);
            bundle.start();
            return bundle;
        }
    }

    @Test
    public void aPolicyBuiltByItsPageDecidesOnceItIsChosen() throws Exception {
        RunningModel model = RunningModel.serve(context, "plain", Distribution.smallModel(), Map.of());
        Bundle policy = install(DocumentedProject.build("writing-a-policy.md"));
        try {
            configuredPolicy("mine");
            RunningModel.await("the policy in use", () -> model.controller().policy().equals("mine"));
            assertTrue(!model.text("One day", 5).isEmpty());
            assertEquals("mine", model.controller().dispatches().getFirst().policy());
        } finally {
            configuredPolicy("shortest_queue");
            policy.uninstall();
        }
    }

    private void configuredPolicy(String name) throws IOException {
        RunningModel.service(context, ConfigurationAdmin.class).getConfiguration("org.alcove.core", "?")
                .update(new Hashtable<>(Map.of("policy", name)));
    }

    @Test
    public void aKernelBuiltByItsPageTakesOverMidStreamWithTheSameText() throws Exception {
        Path target = ScratchFolder.make("outside").resolve("small.gguf");
        RunningModel.service(context, Quantizer.class).quantize(new Quantizer.Order(Distribution.smallModel(), target,
                "sym_int4", 32, Quantizer.Container.GGUF), progress -> { });
        // So slow that the answer is not over before the kernel is there.
        RunningModel model = RunningModel.serve(context, "packed", target, Map.of("max_tokens_per_second", 20));
        String expected = model.text("Once upon a time", 60);
        Path jar = DocumentedProject.build("writing-a-kernel.md");
        Bundle kernel;
        try (Generation generation = model.start("Once upon a time", 60)) {
            String beginning = RunningModel.deltas(generation, 3);
            kernel = install(jar);
            assertEquals(expected, beginning + RunningModel.rest(generation));
        }
        ServiceReference<?> service = kernel.getRegisteredServices()[0];
        assertEquals(List.of(QuantizationKernel.class.getName()), List.of((String[]) service.getProperty("objectClass")));
        assertTrue("the weights do not use the kernel", Arrays.stream(service.getUsingBundles())
                .anyMatch(bundle -> "org.alcove.weights".equals(bundle.getSymbolicName())));
        kernel.uninstall();
        assertEquals(expected, model.text("Once upon a time", 60));
    }

    @Test
    public void aTemplateThatIsUpdatedIsUsedByTheNextRequest() throws Exception {
        Bundle template = install(templates("One day, "));
        RunningModel model = RunningModel.serve(context, "chat", Distribution.smallModel(), Map.of("template", "mine"));
        int shorter = promptTokens(model);
        template.update(Files.newInputStream(templates("One day, a little girl named Lily went to the park and ")));
        RunningModel.await("a longer prompt", () -> promptTokens(model) > shorter);
        template.uninstall();
    }

    private static int promptTokens(RunningModel model) {
        List<Message> messages = List.of(new Message(Message.Role.USER, "Tom"));
        try (Generation generation = model.chat(messages, 1)) {
            return generation.next() instanceof GenerationEvent.Started started ? started.promptTokens() : 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A jar of data as {@code docs/writing-a-template.md} describes it. */
    private static Path templates(String before) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "com.example.my-format");
        main.putValue("Alcove-Templates", "templates/*.json");
        Path jar = ScratchFolder.make("templates").resolve("my-format.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.putNextEntry(new JarEntry("templates/mine.json"));
            out.write("{\"name\": \"mine\", \"user\": {\"before\": \"%s\"}, \"assistant\": {}}".formatted(before)
                    .getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }
}
