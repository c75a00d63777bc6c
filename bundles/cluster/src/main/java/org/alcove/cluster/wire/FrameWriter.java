package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;

/** Writes JSON objects, each followed by one zero byte, and sends each at once. */
public final class FrameWriter {

    private final OutputStream out;

    public FrameWriter(OutputStream out) {
        this.out = out;
    }

    /** Writes a frame. */
    public void write(JsonNode frame) throws IOException {
        out.write(Json.bytes(frame));
        out.write(0);
        out.flush();
    }
}
