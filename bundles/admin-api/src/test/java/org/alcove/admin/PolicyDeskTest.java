package org.alcove.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.alcove.api.scheduling.PolicyName;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

class PolicyDeskTest {

    private final AdminServer server = new AdminServer();

    @TempDir
    Path folder;

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static PolicyConfiguration configuration(Path file) {
        Hashtable<String, Object> properties = new Hashtable<>(Map.of("policy", "shortest_queue"));
        Configuration configuration = (Configuration) Proxy.newProxyInstance(PolicyDeskTest.class.getClassLoader(),
                new Class<?>[] {Configuration.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("update")) {
                        Dictionary<?, ?> given = (Dictionary<?, ?>) arguments[0];
                        given.keys().asIterator().forEachRemaining(key -> properties.put((String) key, given.get(key)));
                    }
                    return method.getName().equals("getProperties") ? properties : null;
                });
        return new PolicyConfiguration((ConfigurationAdmin) Proxy.newProxyInstance(PolicyDeskTest.class.getClassLoader(),
                new Class<?>[] {ConfigurationAdmin.class}, (proxy, method, arguments) -> configuration), file);
    }

    @SuppressWarnings("unchecked")
    private static ServiceReference<SchedulingPolicy> installed(String name) {
        return (ServiceReference<SchedulingPolicy>) Proxy.newProxyInstance(PolicyDeskTest.class.getClassLoader(),
                new Class<?>[] {ServiceReference.class}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "getProperty" -> arguments[0].equals(PolicyName.PROPERTY) ? name : null;
                    case "equals" -> proxy == arguments[0];
                    default -> null;
                });
    }

    @Test
    void whoChoosesIsAnsweredOnceTheChoiceIsInUse() throws Exception {
        PolicyDesk desk = new PolicyDesk(server.controller(), configuration(folder.resolve("policy.json")));
        desk.bind(installed("lottery"));
        desk.bind(installed("shortest_queue"));
        AtomicInteger looks = new AtomicInteger();
        server.controller().policy = () -> looks.incrementAndGet() < 5 ? "shortest_queue" : "lottery; for m: shortest_queue";
        server.desks().removeIf(other -> other instanceof PolicyDesk);
        server.add(desk);
        server.start(AdminServer.gate(Optional.empty(), true));
        JsonNode now = server.send("PUT", "/admin/api/policy",
                "{\"policy\": \"lottery\", \"per_model\": {\"m\": \"shortest_queue\"}}",
                "Cookie: operator", "X-Alcove-Csrf: token").body();
        assertEquals("lottery; for m: shortest_queue", now.get("in_use").textValue());
        assertEquals("lottery", now.get("policy").textValue());
        assertEquals(0, now.get("missing").size());
        assertEquals("unknown_policy", server.send("PUT", "/admin/api/policy", "{\"policy\": \"lotery\"}", "Cookie: operator",
                "X-Alcove-Csrf: token").code());
    }
}
