package org.alcove.distribution;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.inject.Inject;
import org.alcove.api.control.Dispatch;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;

/** The policy is changed by configuration while requests run. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class PolicySwapPaxIT {

    private static final int CALLERS = 4;

    @Inject
    private BundleContext context;

    @Configuration
    public Option[] configuration() {
        return InsideFramework.options();
    }

    private void choose(String policy) throws Exception {
        Dictionary<String, Object> properties = new Hashtable<>(Map.of("policy", policy));
        RunningModel.service(context, ConfigurationAdmin.class).getConfiguration("org.alcove.core", "?").update(properties);
    }

    private static Set<String> policies(RunningModel model) {
        return model.controller().dispatches().stream().map(Dispatch::policy).collect(Collectors.toSet());
    }

    @Test
    public void lotteryGivesWayToShortestQueueUnderLoad() throws Exception {
        choose("lottery");
        RunningModel model = RunningModel.serve(context, "small", Distribution.smallModel(), Map.of());
        String expected = model.text("One day", 20);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger served = new AtomicInteger();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                results.add(callers.submit(() -> {
                    while (!stop.get()) {
                        assertEquals(expected, model.text("One day", 20));
                        served.incrementAndGet();
                    }
                    return null;
                }));
            }
            RunningModel.await("a request chosen by lottery", () -> policies(model).contains("lottery") && served.get() > 0);
            choose("shortest_queue");
            RunningModel.await("a request chosen by shortest_queue", () -> policies(model).contains("shortest_queue"));
            int before = served.get();
            RunningModel.await("more answers", () -> served.get() > before + CALLERS);
            stop.set(true);
            for (Future<?> result : results) {
                result.get();
            }
        }
        assertTrue(model.controller().policy(), model.controller().policy().contains("shortest_queue"));
    }
}
