package org.alcove.weights;

/** A kernel threw where it must not. The message names the bundle it came from. */
public final class KernelFaultException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public KernelFaultException(String message, Throwable cause) {
        super(message, cause);
    }
}
