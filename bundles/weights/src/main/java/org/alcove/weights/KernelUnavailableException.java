package org.alcove.weights;

/** No installed kernel multiplies a format that the model needs. */
public final class KernelUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String format;

    public KernelUnavailableException(String format, String message) {
        super(message);
        this.format = format;
    }

    /** Name of the format, for example {@code sym_int4}. */
    public String format() {
        return format;
    }
}
