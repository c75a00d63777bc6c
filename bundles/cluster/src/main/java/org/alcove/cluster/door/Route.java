package org.alcove.cluster.door;

import java.io.IOException;

/**
 * What is done at one path.
 *
 * @param method of HTTP
 * @param foreign whether it is one of FastChat's, where trusted addresses are let in
 * @param handler does it
 */
public record Route(String method, boolean foreign, Handler handler) {

    /** Serves one path. */
    @FunctionalInterface
    public interface Handler {

        /**
         * Answers a peer.
         *
         * @throws Refusal if it is told no; likewise wire and request exceptions, each with its own status
         */
        void serve(Exchange exchange) throws IOException, InterruptedException;
    }

    /** A path of FastChat's protocol. */
    public static Route fastChat(Handler handler) {
        return new Route("POST", true, handler);
    }

    /** A path of our protocol. */
    public static Route own(String method, Handler handler) {
        return new Route(method, false, handler);
    }
}
