package org.alcove.tokenizer.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.alcove.tokenizer.text.AddedTokens.Added;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddedTokensTest {

    private static boolean found(String text) {
        List<Integer> ids = new ArrayList<>();
        new AddedTokens(List.of(new Added(5, "Gr\u00fc", false, false, false, true)))
                .cut(text, ControlText.NONE, new AddedTokens.Sink() {
                    @Override
                    public void text(int from, int to) {
                        // Only tokens are looked for here.
                    }

                    @Override
                    public void token(int id) {
                        ids.add(id);
                    }
                });
        return ids.equals(List.of(5));
    }

    /** As the authors' library finds them: letters, marks, digits, what joins words, and joiners forbid it on either side. */
    @ParameterizedTest
    @CsvSource({"a, false", "\u0301, false", "\u0903, false", "\u20dd, false", "7, false", "\u0660, false", "_, false",
        "\u203f, false", "\u2160, false", "\u24b6, false", "\u200d, false", "\u200c, false", "\ud835\udd38, false",
        "-, true", "\u00b2, true", "\u00bd, true", "\ud83d\ude00, true", "., true"})
    void aTokenThatIsAWordOfItsOwnBearsNoWordCharacterBesideIt(String neighbour, boolean expected) {
        assertEquals(expected, found("Gr\u00fc" + neighbour), "behind it");
        assertEquals(expected, found(neighbour + "Gr\u00fc"), "before it");
    }
}
