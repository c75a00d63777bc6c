package org.alcove.cluster.hub;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.alcove.api.control.Controller;
import org.alcove.api.control.WorkerChooser;
import org.alcove.api.worker.Worker;
import org.alcove.cluster.door.Route;
import org.alcove.cluster.remote.RemoteSettings;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.Welcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A controller, put together; knows of no framework and no clock of its own. */
final class Hub implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Hub.class);

    private final Directory directory;
    private final Ledger ledger;
    private final ForeignChoices choices;
    private final Registrar registrar;
    private final HubSettings settings;
    private final Optional<Witness> witness;
    private final Semaphore asking;
    private final Map<String, Route> routes = new HashMap<>();

    /**
     * What a hub works with.
     *
     * @param publisher publishes a worker and gives what withdraws it
     * @param client for processes of ours
     * @param resolver finds the addresses of hosts
     * @param witness judges evidence, where it is demanded
     */
    record Tools(Controller controller, WorkerChooser chooser, Function<Worker, Runnable> publisher, PeerClient client,
            Surveyor.Resolver resolver, Times times, Optional<Witness> witness) {
    }

    /**
     * Clocks.
     *
     * @param clock the time of day
     * @param nanos time that only goes forward
     */
    record Times(InstantSource clock, LongSupplier nanos) {
    }

    Hub(HubSettings settings, Tools tools) {
        InstantSource clock = tools.times().clock();
        LongSupplier nanos = tools.times().nanos();
        this.settings = settings;
        witness = tools.witness();
        asking = new Semaphore(settings.mostProbes());
        directory = new Directory(new Seats(tools.publisher(), tools.client(), RemoteSettings.stalling(settings.stall()), clock),
                settings.terms(), nanos);
        ledger = new Ledger(settings.gone(), settings.mostClients(), settings.mostTickets(), nanos);
        choices = new ForeignChoices(settings.terms().foreignBeat().multipliedBy(2), nanos);
        registrar = new Registrar(directory, new Surveyor(settings.trusted(), tools.resolver()),
                new Gate(settings.registrationsPerMinute(), nanos), tools.client(), clock, settings.mostProbes());
        Welcome welcome = new Welcome((int) settings.heartbeat().toSeconds(), UUID.randomUUID().toString());
        routes.putAll(new HubRoutes(tools.controller(), tools.chooser(), directory, ledger, welcome, clock).routes());
        routes.putAll(new ForeignHubRoutes(tools.controller(), tools.chooser(), directory, registrar, choices, welcome,
                this::inquire).routes());
    }

    Map<String, Route> routes() {
        return routes;
    }

    /** Looks who has gone, and asks those of FastChat that have not answered yet; gives the time until the next look. */
    Duration sweep() {
        directory.sweep();
        ledger.sweep();
        choices.sweep();
        directory.foreign(true).forEach(route ->
                Thread.ofVirtual().name("alcove-revisit").start(() -> registrar.revisit(route)));
        inquire();
        return settings.heartbeat();
    }

    /** Has those asked for their evidence of whom it is wanted. */
    private void inquire() {
        witness.ifPresent(asks -> directory.questions().forEach(question ->
                Thread.ofVirtual().name("alcove-witness").start(() -> ask(asks, question))));
    }

    private void ask(Witness asks, Witness.Question question) {
        asking.acquireUninterruptibly();
        try {
            directory.judged(question, asks.ask(question));
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError fault) {
            // A worker whose question is never judged would never be asked again.
            LOG.error("The evidence of worker {} could not be judged", question.route().address(), fault);
            directory.judged(question, new Witness.Testimony.Withheld("judging it failed; the controller's log says more"));
        } finally {
            asking.release();
        }
    }

    /** Gives up all choices and withdraws all workers. */
    @Override
    public void close() {
        ledger.close();
        choices.close();
        directory.close();
    }
}
