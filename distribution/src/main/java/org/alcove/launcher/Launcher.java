package org.alcove.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.osgi.framework.BundleException;
import org.slf4j.LoggerFactory;

/** Starts the framework: to serve, or to run one command and end with its exit status. */
public final class Launcher {

    private static final int MISUSED = 2;
    private static final int FAILED = 1;
    /** What the framework writes at a start beside the bundles that it copies. */
    private static final long BESIDE_COPIES_BYTES = 2_000_000;
    /** For how long what no answer needs waits for the first answer to be possible. */
    private static final long PATIENCE_SECONDS = 5;

    /** A command needs the plug-ins and their configuration, but opens no port and serves nothing. */
    private static final Map<String, String> COMMAND_SETTINGS = Map.of("felix.fileinstall.filter", Role.commandFilter());

    private Launcher() {
    }

    /** Runs the verb that comes first among the arguments; ends the process with its exit status. */
    public static void main(String[] arguments) {
        int status;
        try {
            status = run(List.of(arguments));
        } catch (UsageException misuse) {
            System.err.println("alcove: " + misuse.getMessage());
            status = MISUSED;
        } catch (BundleException | IOException | InterruptedException failure) {
            System.err.println("alcove: " + reason(failure));
            status = FAILED;
        }
        System.exit(status);
    }

    /** What failed, and what was at the bottom of it, where that says more. */
    static String reason(Exception failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = String.valueOf(failure.getMessage());
        return root.getMessage() == null || message.contains(root.getMessage()) ? message : message + ": " + root.getMessage();
    }

    private static int run(List<String> arguments) throws BundleException, IOException, InterruptedException {
        if (arguments.isEmpty()) {
            throw new UsageException("a verb is missing; './alcove --help' lists them");
        }
        List<String> rest = arguments.subList(1, arguments.size());
        Optional<Role> role = Role.of(arguments.getFirst());
        if (role.isPresent()) {
            return serve(Options.parse(role.get(), rest, Home.ofProcess().demoModel()));
        }
        return switch (arguments.getFirst()) {
            case "train-cache" -> new CacheTraining().run();
            case "health" -> HealthCheck.of(rest, System.getenv()).run();
            case "sign" -> new SigningCommands(System.out).sign(rest);
            case "digest" -> new SigningCommands(System.out).digest(rest);
            default -> command(arguments.getFirst(), rest);
        };
    }

    private static int serve(Options options) throws BundleException, IOException, InterruptedException {
        long start = System.nanoTime();
        CompletableFuture<Boolean> vectorApi = VectorApi.load();
        EarlyClasses.load();
        options.requireSafety();
        Optional<OwnCertificate> own = options.certificate(System.getenv());
        try (KeptPort port = options.binding().keepPort(); DataFolder data = DataFolder.open(options.data())) {
            FrameworkStorage storage = FrameworkStorage.in(options.data());
            storage.clear();
            RunningFramework framework = install(data, storage, RoleSettings.of(options, port.number()), vectorApi);
            Thread stop = new Thread(framework::stop, "alcove-stop");
            Runtime.getRuntime().addShutdownHook(stop);
            AtomicInteger status = publishedExit(framework, 0,
                    options.role().hasModel() ? Map.of("alcove.serving", true) : Map.of());
            framework.start();
            CountDownLatch answering = new CountDownLatch(1);
            Thread.ofPlatform().daemon().name("alcove-ready").start(() -> {
                announce(options, own, port, start);
                answering.countDown();
            });
            Thread.ofPlatform().daemon().name("alcove-rest").start(() -> complete(framework, storage, answering));
            framework.awaitStop();
            return status.get();
        }
    }

    /** A folder that is full is told of before plug-ins are left out of a server that starts all the same. */
    private static RunningFramework install(DataFolder data, FrameworkStorage storage, Map<String, String> settings,
            CompletableFuture<Boolean> vectorApi) throws BundleException, IOException {
        Home home = Home.ofProcess();
        long bytes = BESIDE_COPIES_BYTES + home.copiedBytes(settings.containsKey(SealedBundles.POLICY));
        if (!data.hasRoom(bytes)) {
            // What the run before left may be all that is in the way.
            storage.sweep();
            data.requireRoom(bytes);
        }
        try {
            return RunningFramework.install(home, storage.folder(), settings, vectorApi);
        } catch (BundleException failure) {
            data.requireRoom(bytes);
            throw failure;
        }
    }

    /** Does what no answer waits for: after the first can be had, or soon, for who asks why a model does not come may want it. */
    private static void complete(RunningFramework framework, FrameworkStorage storage, CountDownLatch answering) {
        try {
            answering.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        framework.complete();
        storage.sweep();
    }

    private static void announce(Options options, Optional<OwnCertificate> own, KeptPort kept, long start) {
        int port = kept.number();
        new ReadyWatch(options.binding(), port, options.role().door(), own).await();
        kept.close();
        String url = own.map(it -> options.binding().url(port, it.names())).orElseGet(() -> options.binding().url(port));
        System.out.print(Greeting.of(options, url, (System.nanoTime() - start) / 1e9));
        System.out.print(FirstPassword.take(options.data(), url));
        System.out.flush();
        own.flatMap(it -> it.concern(Instant.now())).ifPresent(LoggerFactory.getLogger(OwnCertificate.class)::warn);
    }

    private static int command(String verb, List<String> arguments) throws BundleException, IOException, InterruptedException {
        // A command speaks for itself on the terminal; its log is for those who ask for it.
        if (System.getenv(ConsoleLog.LEVEL) == null) {
            System.setProperty(ConsoleLog.LEVEL, "ERROR");
        }
        Path scratch = Files.createTempDirectory("alcove-");
        // Whoever interrupts a command wants nothing left of it either.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> FrameworkStorage.delete(scratch), "alcove-scratch"));
        try {
            Path storage = scratch.resolve("framework");
            Map<String, String> settings = new HashMap<>(COMMAND_SETTINGS);
            // What a command's bundles write is gone with it; only copies of weights are worth keeping.
            settings.put("alcove.data", scratch.resolve("data").toString());
            settings.put("alcove.copies", Options.copies(Optional.empty()).toString());
            RunningFramework framework = RunningFramework.install(Home.ofProcess(), storage, settings, VectorApi.load());
            framework.start();
            // What runs commands waits for this, and finds the kernels of plug-ins then.
            AtomicInteger status = publishedExit(framework, FAILED,
                    Map.of("alcove.command", verb, "alcove.arguments", arguments.toArray(String[]::new)));
            framework.awaitStop();
            return status.get();
        } finally {
            FrameworkStorage.delete(scratch);
        }
    }

    /** Publishes the way in which bundles end the process; the exit status, the given one until somebody says another. */
    private static AtomicInteger publishedExit(RunningFramework framework, int initially, Map<String, ?> properties) {
        AtomicInteger status = new AtomicInteger(initially);
        framework.publish(IntConsumer.class, code -> {
            status.set(code);
            framework.stop();
        }, properties);
        return status;
    }
}
