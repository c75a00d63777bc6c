package org.alcove.evaluation;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.alcove.commandline.CommandLine;
import org.alcove.commandline.Usage;

/**
 * What the command line asks for.
 *
 * @param model the model
 * @param text file of text
 * @param context most tokens of a window, if given
 * @param stride from one window to the next, if given
 * @param windows how the text is cut
 * @param reference model to compare with, if any
 */
record PerplexityOptions(Path model, Path text, Optional<Integer> context, Optional<Integer> stride, Windows windows,
        Optional<Path> reference) {

    static final Usage USAGE = Usage.of("perplexity", """
            usage: ./alcove perplexity MODEL TEXT [OPTIONS]
              --context N        tokens of a window (512, or the model's context where that is less)
              --stride N         tokens from one window to the next (half a window)
              --windows KIND     strided (every token is scored once) or halves (as llama.cpp's tool does it: windows side by
                                 side, the second half of each is scored)
              --against MODEL    a reference: also says how far the model's predictions are from its""",
            "--context", "--stride", "--windows", "--against");

    private static final int LEAST_CONTEXT = 4;

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    static PerplexityOptions of(CommandLine line) {
        List<String> paths = line.words("MODEL", "TEXT");
        Optional<Integer> context = line.number("--context", LEAST_CONTEXT, Integer.MAX_VALUE);
        Optional<Integer> stride = line.number("--stride", 1, Integer.MAX_VALUE);
        Windows windows = line.choice("--windows", Windows.class).orElse(Windows.STRIDED);
        if (windows == Windows.HALVES && stride.isPresent()) {
            throw new IllegalArgumentException("--stride has no meaning with --windows halves; leave one out");
        }
        return new PerplexityOptions(Path.of(paths.getFirst()), Path.of(paths.getLast()), context, stride, windows,
                line.path("--against"));
    }
}
