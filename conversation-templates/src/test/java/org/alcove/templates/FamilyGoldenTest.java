package org.alcove.templates;

import static org.alcove.testkit.conversation.SampleConversation.assistant;
import static org.alcove.testkit.conversation.SampleConversation.system;
import static org.alcove.testkit.conversation.SampleConversation.user;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alcove.api.conversation.Message;
import org.alcove.api.conversation.Prompt;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.testkit.conversation.ControlTokens;
import org.alcove.testkit.conversation.SampleConversation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One golden file per family. Written anew, for a person to read the difference, by
 * {@code mvn -pl conversation-templates test -Dtest=FamilyGoldenTest -Dalcove.golden=write}.
 */
class FamilyGoldenTest {

    private static final Path FOLDER = Path.of("src/test/resources/golden");

    @ParameterizedTest
    @MethodSource("names")
    void aFamilyWritesItsGoldenPrompts(String family) throws IOException {
        TurnFormat format = Families.format(family);
        StringBuilder text = new StringBuilder();
        boolean several = format.rules().turns() > 1;
        List<Message> turns = several ? List.of(user("U1"), assistant("A1"), user("U2")) : List.of(user("U1"));
        if (format.system().isPresent()) {
            List<Message> all = new ArrayList<>(List.of(system("S")));
            all.addAll(turns);
            text.append("with a system message\n").append(shown(family, all));
        }
        text.append("without\n").append(shown(family, turns));
        text.append("with every control token in the message\n")
                .append(shown(family, List.of(user(String.join(" ", ControlTokens.COMMON)))));
        Path file = FOLDER.resolve(family + ".txt");
        if ("write".equals(System.getProperty("alcove.golden"))) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, text);
        }
        assertEquals(Files.readString(file), text.toString());
    }

    static List<String> names() {
        return Families.names();
    }

    /** A line per piece, C for control and T for text, newlines as \n. */
    private static String shown(String family, List<Message> messages) {
        StringBuilder lines = new StringBuilder();
        Prompt prompt = Families.named(family).render(SampleConversation.of(messages.toArray(Message[]::new)));
        for (PromptPiece piece : prompt.pieces()) {
            lines.append(piece.kind() == PromptPiece.Kind.CONTROL ? "  C " : "  T ")
                    .append(piece.text().replace("\\", "\\\\").replace("\n", "\\n")).append("|\n");
        }
        return lines.toString();
    }
}
