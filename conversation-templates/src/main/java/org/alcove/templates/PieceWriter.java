package org.alcove.templates;

import java.util.ArrayList;
import java.util.List;
import org.alcove.api.conversation.PromptPiece;

/** Collects the pieces of a prompt; neighbours of one kind become one piece, so that a control token is never cut in two. */
public final class PieceWriter {

    private final List<PromptPiece> pieces = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private PromptPiece.Kind kind = PromptPiece.Kind.CONTROL;

    /** Adds text the template wrote. */
    public void control(String more) {
        add(PromptPiece.Kind.CONTROL, more);
    }

    /** Adds text somebody else wrote. */
    public void content(String more) {
        add(PromptPiece.Kind.CONTENT, more);
    }

    /** What was added so far; nothing may be added afterwards. */
    public List<PromptPiece> pieces() {
        finish();
        return List.copyOf(pieces);
    }

    private void add(PromptPiece.Kind next, String more) {
        if (more.isEmpty()) {
            return;
        }
        if (next != kind) {
            finish();
            kind = next;
        }
        text.append(more);
    }

    private void finish() {
        if (!text.isEmpty()) {
            pieces.add(new PromptPiece(kind, text.toString()));
            text.setLength(0);
        }
    }
}
