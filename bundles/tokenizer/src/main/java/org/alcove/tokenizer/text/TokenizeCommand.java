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
import org.alcove.commandline.CommandLine;
import org.alcove.commandline.Usage;
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
    private static final Usage USAGE = Usage.of("tokenize", """
            usage: ./alcove tokenize MODEL [--decode] [--control] < TEXT
              MODEL      a GGUF file (a vocabulary is enough) or a Hugging Face folder
              --decode   standard input holds ids separated by spaces; write their text
              --control  spellings of control tokens become control ids; without it they stay text""")
            .and("--decode", "--control");

    private final WeightStore store;
    private final Tokenizers tokenizers;

    @Activate
    public TokenizeCommand(@Reference WeightStore store, @Reference Tokenizers tokenizers) {
        this.store = store;
        this.tokenizers = tokenizers;
    }

    @Override
    public int run(List<String> arguments, Terminal terminal) {
        return USAGE.run(arguments, terminal, TokenizeCommand::order, order -> run(order, terminal));
    }

    private record Order(Path model, boolean decode, boolean control) {
    }

    private static Order order(CommandLine line) {
        boolean decode = line.has("--decode");
        boolean control = line.has("--control");
        if (decode && control) {
            throw new IllegalArgumentException("--control has no meaning with --decode; leave one out");
        }
        return new Order(Path.of(line.words("MODEL").getFirst()), decode, control);
    }

    private int run(Order order, Terminal terminal) {
        try {
            if (!Files.exists(order.model())) {
                throw new IOException(order.model() + " does not exist; give a GGUF file or a Hugging Face folder");
            }
            Tokenizer tokenizer = tokenizers.open(store.describe(order.model()));
            String input = readAll(terminal.in());
            if (order.decode()) {
                terminal.out().write(tokenizer.decode(ids(input, tokenizer.size())).getBytes(StandardCharsets.UTF_8));
            } else {
                PromptPiece piece = order.control() ? PromptPiece.control(input) : PromptPiece.content(input);
                terminal.out().println(line(tokenizer.encode(List.of(piece), false)));
            }
            terminal.out().flush();
            return 0;
        } catch (IOException | IllegalArgumentException e) {
            terminal.err().println("alcove tokenize: " + e.getMessage());
            return 1;
        }
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
