package org.alcove.image;

/** Why there is no image, and what to do. */
final class ImageException extends Exception {

    private static final long serialVersionUID = 1L;

    ImageException(String message) {
        super(message);
    }
}
