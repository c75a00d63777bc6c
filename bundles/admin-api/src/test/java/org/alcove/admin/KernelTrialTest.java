package org.alcove.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.alcove.api.kernel.QuantizationFormat;
import org.alcove.api.kernel.QuantizationKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.util.promise.Promises;

/** Kernels that are tried in place of better ones, with a component runtime that is made up. */
class KernelTrialTest {

    private static final String TRIAL = "/admin/api/kernels/trial";
    private static final String TOKEN = "X-Alcove-Csrf: token";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final AdminServer server = new AdminServer();
    private final KernelTable table = new KernelTable();
    private final List<String> switched = new ArrayList<>();
    private final CountDownLatch backOn = new CountDownLatch(1);
    private final Map<String, ServiceReference<QuantizationKernel>> kernels = Map.of(
            "native", kernel("native", 200, "f32", "f16"), "vector", kernel("vector", 100, "f32"),
            "reference", kernel("reference", 0, "f32", "f16"));
    private final KernelTrials trials = new KernelTrials(runtime(), table, () -> NOW);
    private final KernelDesk desk = new KernelDesk(server.controller(), table, trials);

    @SuppressWarnings("unchecked")
    private static ServiceReference<QuantizationKernel> kernel(String tier, int ranking, String... formats) {
        Bundle bundle = (Bundle) Proxy.newProxyInstance(Bundle.class.getClassLoader(), new Class<?>[] {Bundle.class},
                (proxy, method, arguments) -> method.getName().equals("getSymbolicName") ? "some.kernels" : null);
        Map<String, Object> properties = Map.of(QuantizationFormat.TIER, tier, QuantizationFormat.PROPERTY, formats,
                "service.ranking", ranking, "component.name", tier);
        return (ServiceReference<QuantizationKernel>) Proxy.newProxyInstance(Bundle.class.getClassLoader(),
                new Class<?>[] {ServiceReference.class}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "getProperty" -> properties.get(arguments[0]);
                    case "getBundle" -> bundle;
                    case "compareTo" -> ranking - (Integer) ((ServiceReference<?>) arguments[0]).getProperty("service.ranking");
                    case "equals" -> proxy == arguments[0];
                    default -> ranking;
                });
    }

    private ServiceComponentRuntime runtime() {
        return (ServiceComponentRuntime) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {ServiceComponentRuntime.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getComponentDescriptionDTO")) {
                        ComponentDescriptionDTO component = new ComponentDescriptionDTO();
                        component.name = (String) arguments[1];
                        return component;
                    }
                    String name = ((ComponentDescriptionDTO) arguments[0]).name;
                    boolean on = method.getName().equals("enableComponent");
                    switched.add((on ? "+" : "-") + name);
                    if (on) {
                        table.bind(kernels.get(name));
                        backOn.countDown();
                    } else {
                        table.unbind(kernels.get(name));
                    }
                    return Promises.resolved(null);
                });
    }

    @BeforeEach
    void serve() throws Exception {
        kernels.values().forEach(table::bind);
        server.controller().id = "local-m";
        server.add(desk);
        server.start(AdminServer.gate(Optional.empty(), true));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private AdminServer.Reply begin(String body, String who) throws Exception {
        return server.send("POST", TRIAL, body, "Cookie: " + who, TOKEN);
    }

    private static List<String> inUse(AdminServer.Reply reply) {
        return StreamSupport.stream(reply.body().get("kernels").spliterator(), false)
                .filter(kernel -> kernel.get("in_use").booleanValue())
                .map(kernel -> kernel.get("format").textValue() + " " + kernel.get("tier").textValue()).toList();
    }

    @Test
    void aTrialSwitchesTheBetterOnesOffAndItsEndSwitchesThemOn() throws Exception {
        assertEquals(List.of("f16 native", "f32 native"), inUse(server.ask("GET", "/admin/api/kernels", "localhost",
                "Cookie: viewer")));
        AdminServer.Reply begun = begin("{\"model\": \"m\", \"tier\": \"reference\", \"seconds\": 600}", "operator");
        assertEquals(200, begun.status(), begun.body().toString());
        assertEquals(List.of("-vector", "-native"), switched, "the best last");
        assertEquals("reference", begun.body().at("/computed_by/0/tier").textValue());
        assertEquals("2026-01-01T00:10:00Z", begun.body().at("/trial/until").textValue());
        assertEquals(5, begun.body().get("kernels").size(), "those that are switched off are still told");
        assertEquals(List.of("f16 reference", "f32 reference"), inUse(begun));
        AdminServer.Reply ended = server.ask("DELETE", TRIAL, "localhost", "Cookie: operator", TOKEN);
        assertEquals(List.of("f16 native", "f32 native"), inUse(ended));
        assertTrue(ended.body().get("trial").isNull());
        assertEquals(List.of("-vector", "-native", "+native", "+vector"), switched);
    }

    @Test
    void anotherTrialOfTheSamePersonTakesItsPlaceAndThatOfAnotherIsRefused() throws Exception {
        trials.begin("ann", "m", List.of("f32", "f16"), "reference", Duration.ofSeconds(60));
        AdminException busy = assertThrows(AdminException.class,
                () -> trials.begin("bob", "m", List.of("f32"), "vector", Duration.ofSeconds(60)));
        assertEquals("busy", busy.code());
        assertTrue(busy.getMessage().contains("by ann until 2026-01-01T00:01:00Z"), busy.getMessage());
        assertEquals(Duration.ofSeconds(60), busy.retryAfter());
        trials.begin("ann", "m", List.of("f32"), "vector", Duration.ofSeconds(60));
        assertEquals("vector", table.byFormat().get("f32").getFirst().tier());
        trials.end();
        switched.subList(5, switched.size()).clear();
        assertEquals(List.of("-vector", "-native", "+native", "+vector", "-native"), switched);
    }

    @Test
    void theShellListsTriesAndEndsAsTheApiDoes() throws Exception {
        FakeAudit audit = new FakeAudit();
        KernelCommands commands = new KernelCommands(server.controller(), table, trials, audit);
        List<String> before = commands.kernels().lines().toList();
        assertEquals(5, before.size());
        assertTrue(before.getFirst().matches("\\* f16 +native +ranking +200  some\\.kernels"), before.getFirst());
        assertTrue(before.get(1).startsWith("  f16 "), "it does not compute: " + before.get(1));
        String trying = commands.kernels("try", "m", "reference", "600");
        assertEquals(List.of("-vector", "-native"), switched);
        assertTrue(trying.contains("* f32                      reference"), trying);
        assertTrue(trying.endsWith("reference is tried by the shell on the model m until 2026-01-01T00:10:00Z"), trying);
        assertEquals("busy", begin("{\"model\": \"m\", \"tier\": \"vector\"}", "operator").code(), "one trial for all doors");
        assertEquals(String.join("\n", before), commands.kernels("end"));
        assertTrue(commands.kernels("try", "m", "amx").startsWith("no kernel \"amx\" serves "));
        assertTrue(commands.kernels("try", "other", "vector").startsWith("no worker of this process serves the model"));
        assertEquals("SECONDS must be a whole number from 1 to 600, not 601", commands.kernels("try", "m", "vector", "601"));
        assertTrue(commands.kernels("help").contains("kernels try MODEL TIER"));
        assertEquals(List.of("the shell shell kernel.trial m reference, 600 s done", "the shell shell kernel.trial   done",
                "the shell shell kernel.trial m amx, 60 s refused", "the shell shell kernel.trial other vector, 60 s refused",
                "the shell shell kernel.trial m vector, 601 s refused"), audit.lines);
    }

    @Test
    void whatMakesNoSenseIsRefusedAndSwitchesNothing() throws Exception {
        AdminServer.Reply none = begin("{\"model\": \"m\", \"tier\": \"amx\"}", "operator");
        assertEquals("no_such_kernel", none.code());
        assertTrue(none.body().at("/error/message").textValue().endsWith("there are: native, reference, vector"),
                none.body().toString());
        assertEquals("not_here", begin("{\"model\": \"other\", \"tier\": \"vector\"}", "operator").code());
        assertEquals("invalid_field", begin("{\"model\": \"m\", \"tier\": \"vector\", \"seconds\": 601}", "operator").code());
        assertEquals(List.of(), switched);
    }

    @Test
    void itsTimeAndTheBundlesEndEndATrial() throws Exception {
        trials.begin("ann", "m", List.of("f32"), "vector", Duration.ofMillis(50));
        assertTrue(backOn.await(60, TimeUnit.SECONDS), "nobody switched it on again");
        begin("{\"model\": \"m\", \"tier\": \"vector\"}", "operator");
        trials.end();
        assertEquals("native", table.byFormat().get("f32").getFirst().tier());
    }
}
