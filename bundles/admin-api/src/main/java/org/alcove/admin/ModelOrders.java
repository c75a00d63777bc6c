package org.alcove.admin;

import java.io.IOException;
import java.time.Duration;
import org.alcove.api.control.Models;
import org.alcove.api.worker.RequestException;

/**
 * Loading and unloading, as people order it.
 *
 * @param models brings those that have a place in memory, and takes them away
 * @param shelf makes and deletes configurations
 */
record ModelOrders(Models models, ModelShelf shelf) {

    private static final Duration PLACED = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofMillis(50);

    /** One that a configuration names already is only brought back into memory. */
    void load(String name) throws IOException {
        ModelShelf.Book book = shelf.named(name);
        boolean away = models.named(name).filter(model -> model.state() == Models.State.UNLOADED
                || model.state() == Models.State.FAILED).isPresent();
        if (!away) {
            shelf.load(name);
            return;
        }
        order(() -> models.load(name));
        order(() -> place(name));
        if (!book.configured()) {
            shelf.remember(name, true);
        }
    }

    /** A file of the models folder asks for its place in memory a moment after its order; whether it has one is told at once. */
    private void place(String name) {
        long end = System.nanoTime() + PLACED.toNanos();
        Models.Model model = models.named(name).orElse(null);
        while (model != null && model.state() == Models.State.LOADING && model.lastUse().isEmpty() && System.nanoTime() < end) {
            try {
                model = models.await(model, LOOK);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        if (model != null && model.state() == Models.State.UNLOADED && !model.reason().isEmpty()) {
            throw AdminException.conflict("no_room", model.reason());
        }
    }

    /** The configuration of one that was loaded here goes with it; that of another one stays, so that it can come back. */
    void unload(String name) throws IOException {
        ModelShelf.Book book = shelf.named(name);
        if (book.configured() && !book.ours() && models.named(name).isPresent()) {
            order(() -> models.unload(name));
        } else {
            shelf.unload(name);
        }
    }

    static void order(Runnable order) {
        try {
            order.run();
        } catch (RequestException e) {
            throw AdminException.conflict("no_room", e.getMessage());
        }
    }
}
