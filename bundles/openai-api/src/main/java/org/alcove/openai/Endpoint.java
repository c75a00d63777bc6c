package org.alcove.openai;

import java.io.IOException;

/** Serves one path. */
interface Endpoint {

    /** Methods it serves, as the header {@code Allow} lists them. */
    String methods();

    /**
     * Answers.
     *
     * @param rest what follows the endpoint's own path, decoded; empty for most
     * @throws ApiException if the request ends with an error
     */
    void serve(Exchange exchange, String rest) throws IOException, InterruptedException;
}
