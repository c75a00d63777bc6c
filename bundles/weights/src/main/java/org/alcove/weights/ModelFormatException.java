package org.alcove.weights;

import java.io.IOException;

/** A model file is damaged, hostile or not supported. The message names the file and the key or tensor, and what to do. */
public final class ModelFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    public ModelFormatException(String message) {
        super(message);
    }

    public ModelFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
