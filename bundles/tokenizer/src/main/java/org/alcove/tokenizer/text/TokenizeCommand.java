package org.alcove.tokenizer.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alcove.api.control.Command;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.tokenizer.Tokenizer;
import org.alcove.tokenizer.Tokenizers;
import org.alcove.weights.WeightStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code alcove tokenize MODEL}: text on standard input to ids on one line, or back. */
@Component(property = {Command.NAME + "=tokenize",
    Command.SUMMARY + "=Turn text on standard input into token ids of a model, or back with --decode"})
public final class TokenizeCommand implements Command {
    private static final String USAGE = "usage: alcove tokenize MODEL [--decode] [--control] < TEXT\n"
            + "  MODEL      a GGUF file (a vocabulary is enough) or a Hugging Face folder\n"
            + "  --decode   standard input holds ids separated by spaces; write their text\n"
            + "  --control  spellings of control tokens become control ids; without it they stay text";

    private final WeightStore store;
    private final Tokenizers tokenizers;

    @Activate
    public TokenizeCommand(@Reference WeightStore store, @Reference Tokenizers tokenizers) {
        this.store = store;
        this.tokenizers = tokenizers;
    }

    @Override
    public int run(List<String> arguments, Terminal terminal) throws IOException {
        List<String> models = new ArrayList<>();
        boolean decode = false;
        boolean control = false;
        for (String argument : arguments) {
            switch (argument) {
                case "--decode" -> decode = true;
                case "--control" -> control = true;
                case "--help", "-h" -> {
                    terminal.out().println(USAGE);
                    return 0;
                }
                default -> {
                    if (argument.startsWith("-")) {
                        return wrong(terminal, "unknown option " + argument);
                    }
                    models.add(argument);
                }
            }
        }
        if (models.size() != 1) {
            return wrong(terminal, "expected one MODEL, got " + models.size());
        }
        if (decode && control) {
            return wrong(terminal, "--control has no meaning with --decode; leave one out");
        }
        return work(Path.of(models.getFirst()), decode, control, terminal);
    }

    private int work(Path model, boolean decode, boolean control, Terminal terminal) {
        try {
            if (!Files.exists(model)) {
                throw new IOException(model + " does not exist; give a GGUF file or a Hugging Face folder");
            }
            Tokenizer tokenizer = tokenizers.open(store.describe(model));
            String input = readAll(terminal.in());
            if (decode) {
                terminal.out().write(tokenizer.decode(ids(input, tokenizer.size())).getBytes(StandardCharsets.UTF_8));
            } else {
                PromptPiece piece = control ? PromptPiece.control(input) : PromptPiece.content(input);
                terminal.out().println(line(tokenizer.encode(List.of(piece), false)));
            }
            terminal.out().flush();
            return 0;
        } catch (IOException | IllegalArgumentException e) {
            terminal.err().println("alcove tokenize: " + e.getMessage());
            return 1;
        }
    }

    private static int wrong(Terminal terminal, String what) {
        terminal.err().println("alcove tokenize: " + what);
        terminal.err().println(USAGE);
        return 2;
    }

    private static String readAll(InputStream in) throws IOException {
        byte[] bytes = in.readAllBytes();
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
        } catch (CharacterCodingException e) {
            throw new IOException("standard input is not UTF-8: byte " + buffer.position() + " of " + bytes.length
                    + " begins no character; convert the text to UTF-8", e);
        }
    }

    private static int[] ids(String input, int size) throws IOException {
        List<Integer> ids = new ArrayList<>();
        for (String word : input.strip().split("[\\s,]+")) {
            if (word.isEmpty()) {
                continue;
            }
            boolean number = word.matches("[0-9]{1,9}");
            if (!number || Integer.parseInt(word) >= size) {
                throw new IOException("id number " + (ids.size() + 1) + " is " + Vocabulary.quote(word)
                        + ", expected a whole number from 0 to " + (size - 1) + "; give ids of this model");
            }
            ids.add(Integer.parseInt(word));
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    private static String line(int[] ids) {
        StringBuilder line = new StringBuilder(ids.length * 6);
        for (int id : ids) {
            line.append(line.isEmpty() ? "" : " ").append(id);
        }
        return line.toString();
    }
}
