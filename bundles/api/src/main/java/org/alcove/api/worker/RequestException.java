package org.alcove.api.worker;

/** A request was not served; {@link #failure()} says why. */
public final class RequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public RequestException(Failure failure) {
        super(failure.message());
        this.failure = failure;
    }

    public RequestException(Failure failure, Throwable cause) {
        super(failure.message(), cause);
        this.failure = failure;
    }

    /** Why. */
    public Failure failure() {
        return failure;
    }
}
