package org.alcove.admin;

import java.io.IOException;
import org.alcove.api.control.Models;
import org.alcove.api.worker.RequestException;

/**
 * Loading and unloading, as people order it.
 *
 * @param models brings those that have a place in memory, and takes them away
 * @param shelf makes and deletes configurations
 */
record ModelOrders(Models models, ModelShelf shelf) {

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
        if (!book.configured()) {
            shelf.remember(name, true);
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
