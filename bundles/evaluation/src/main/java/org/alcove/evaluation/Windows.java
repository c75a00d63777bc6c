package org.alcove.evaluation;

import java.util.ArrayList;
import java.util.List;

/** Ways to cut a text that is longer than a model's context into windows, so that tokens are scored once. */
enum Windows {

    /**
     * Windows of {@code context} tokens, each {@code stride} further than the last; of each, the tokens are scored that the
     * windows before had not reached. Every token but the first is scored once, and all but those of the first window after at
     * least {@code context - stride} tokens. With a stride as long as the context a window's first token is scored by nobody.
     */
    STRIDED {
        @Override
        List<Window> cut(int tokens, int context, int stride) {
            List<Window> windows = new ArrayList<>();
            int reached = 1;
            for (int begin = 0; reached < tokens; begin += stride) {
                int end = Math.min(begin + context, tokens);
                int first = Math.max(reached, begin + 1);
                if (first < end) {
                    windows.add(new Window(begin, end, first, false));
                }
                reached = end;
            }
            return windows;
        }
    },

    /**
     * As llama.cpp's {@code perplexity} tool does it: windows side by side, what does not fill the last one is left out; each
     * begins with the begin token in place of its first, where the model has one, and the tokens after its first half are scored.
     */
    HALVES {
        @Override
        List<Window> cut(int tokens, int context, int stride) {
            List<Window> windows = new ArrayList<>();
            for (int begin = 0; begin + context <= tokens; begin += context) {
                windows.add(new Window(begin, begin + context, begin + context / 2 + 1, true));
            }
            return windows;
        }
    };

    /**
     * A run of tokens that is computed at once.
     *
     * @param begin index of its first token
     * @param end index after its last token
     * @param firstScored index of the first token that is scored; all after it are
     * @param begins whether its first token gives way to the begin token
     */
    record Window(int begin, int end, int firstScored, boolean begins) {

        /** How many of its tokens are scored. */
        int scored() {
            return end - firstScored;
        }
    }

    /**
     * Cuts a text.
     *
     * @param tokens how many it has
     * @param context most tokens of a window, at least 2
     * @param stride from 1 to {@code context}
     */
    abstract List<Window> cut(int tokens, int context, int stride);
}
