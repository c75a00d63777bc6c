package org.alcove.worker;

import static org.alcove.worker.LoaderFixture.proxy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

class GivenModelTest {

    private static final String MODEL = "/models/given.gguf";
    private static final String TAKING = "$[prop:alcove.model.path;default=]";

    private final BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();

    /** One configuration for each text, with that as its path; null for one without a path. */
    private void start(String given, String... paths) throws Exception {
        Configuration[] models = Stream.of(paths).map(path -> proxy(Configuration.class, (method, arguments) ->
                new Hashtable<>(path == null ? Map.of() : Map.of("path", path)))).toArray(Configuration[]::new);
        new GivenModel(
                proxy(BundleContext.class, (method, arguments) -> arguments[0].equals("alcove.model.given") ? given : null),
                proxy(ConfigurationAdmin.class, (method, arguments) -> {
                    assertEquals("(service.factoryPid=org.alcove.worker.model)", arguments[0]);
                    return models.length == 0 ? null : models;
                }), ended::add);
    }

    @Test
    void aModelThatWasGivenAndThatNoConfigurationTakesEndsTheProcess() throws Exception {
        for (String[] paths : List.of(new String[0], new String[] {null}, new String[] {""}, new String[] {"/models/other.gguf"},
                new String[] {TAKING.substring(0, 20)}, new String[] {"/models/other.gguf", null})) {
            start(MODEL, paths);
            assertEquals(1, ended.poll(60, TimeUnit.SECONDS));
        }
    }

    @Test
    void oneThatAConfigurationTakesIsServed() throws Exception {
        start(MODEL, TAKING);
        start(MODEL, "/models/other.gguf", TAKING);
        start(MODEL, MODEL);
        assertNull(ended.poll());
    }

    /** Whoever names none may have configured another one, or none at all. */
    @Test
    void whereNoneWasGivenTheConfigurationsAloneCount() throws Exception {
        start(null);
        start("", "/models/other.gguf");
        start("", "");
        assertNull(ended.poll());
    }

    @Test
    void theFileThatComesWithAlcoveTakesIt() throws Exception {
        String file = Files.readString(Path.of("../../distribution/src/main/home/conf/org.alcove.worker.model-default.config"));
        assertEquals(1, file.lines().filter(line -> line.equals("path=\"" + TAKING + "\"")).count(), file);
    }
}
