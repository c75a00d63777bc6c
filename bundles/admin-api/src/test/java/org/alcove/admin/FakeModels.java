package org.alcove.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.alcove.api.control.Models;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.RequestException;

/** Models that go through no states, and remember what was ordered. */
final class FakeModels implements Models {

    final List<String> orders = new ArrayList<>();
    private final Map<String, Model> known = new TreeMap<>();
    private boolean full;
    /** Why a model that is ordered has no place a moment later; empty where it has one. */
    String later = "";

    /** A model of this process. */
    FakeModels with(String name, State state) {
        known.put(name, new Model(name, state, "", Keeping.USUAL, Optional.of(Instant.EPOCH), 0,
                Optional.of(new Memory(100, 20, 3, 0)), Optional.empty()));
        return this;
    }

    void fill() {
        full = true;
    }

    @Override
    public List<Model> all() {
        return List.copyOf(known.values());
    }

    @Override
    public Optional<Model> named(String name) {
        return Optional.ofNullable(known.get(name));
    }

    @Override
    public Budget budget() {
        return new Budget(1000, 123);
    }

    @Override
    public Model demand(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Model load(String name) {
        if (full) {
            throw new RequestException(new Failure.Unavailable(Duration.ofSeconds(5), "needs 2 MB, and 1 MB can be had"));
        }
        orders.add("load " + name);
        if (!later.isEmpty()) {
            known.put(name, in(State.LOADING, known.get(name), ""));
        }
        return known.get(name);
    }

    @Override
    public Model unload(String name) {
        orders.add("unload " + name);
        return known.get(name);
    }

    @Override
    public Model keep(String name, Keeping keeping) {
        Model model = known.get(name);
        return known.put(name, new Model(name, model.state(), "", keeping, model.lastUse(), 0, model.predicted(),
                model.measured()));
    }

    @Override
    public Duration patience() {
        return Duration.ZERO;
    }

    @Override
    public Model await(Model seen, Duration atMost) {
        known.put(seen.name(), in(State.UNLOADED, seen, later));
        return known.get(seen.name());
    }

    private static Model in(State state, Model model, String reason) {
        return new Model(model.name(), state, reason, model.keeping(), Optional.empty(), 0, model.predicted(), Optional.empty());
    }
}
