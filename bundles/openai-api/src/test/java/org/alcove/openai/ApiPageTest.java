package org.alcove.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@code docs/api.md} says of every field what happens with it, in the words of its rule. */
class ApiPageTest {

    private static String page() throws IOException {
        return Files.readString(Path.of(System.getProperty("alcove.root"), "docs", "api.md"));
    }

    /** Rows of the tables between two headings, whose first cell names the field. */
    private static List<String> rows(String from, String to, String field) throws IOException {
        String page = page();
        String part = page.substring(page.indexOf(from), page.indexOf(to));
        return part.lines().filter(line -> line.startsWith("|") && line.split("\\|")[1].contains("`" + field + "`")).toList();
    }

    private static void check(FieldTable<?> table, String to) throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Rule<?> rule : table.rules()) {
            String word = switch (rule) {
                case Rule.Works<?> works -> "work";
                case Rule.NoEffect<?> noEffect -> "no effect";
                case Rule.Refused<?> refused -> "refused";
            };
            List<String> rows = new ArrayList<>(rows("### Chat and completions", "### Chat only", rule.field()));
            rows.addAll(to.equals("## Answers") ? rows("### Completions only", to, rule.field())
                    : rows("### Chat only", to, rule.field()));
            // best_of is checked against n: it works where that is all it asks for.
            boolean told = rows.stream().anyMatch(row -> row.split("\\|")[2].contains(word) || rule.field().equals("best_of"));
            if (!told) {
                wrong.add(rule.field() + ": " + word);
            }
        }
        assertTrue(wrong.isEmpty(), "docs/api.md does not say: " + wrong);
    }

    @Test
    void everyFieldOfAChatIsOnThePage() throws IOException {
        check(ChatFields.table(), "### Completions only");
    }

    @Test
    void everyFieldOfACompletionIsOnThePage() throws IOException {
        check(CompletionFields.table(), "## Answers");
    }

    @Test
    void everyFieldThatTheProtocolDocumentsHasARule() {
        Set<String> chat = Set.of("model", "messages", "audio", "frequency_penalty", "function_call", "functions", "logit_bias",
                "logprobs", "max_completion_tokens", "max_tokens", "metadata", "modalities", "moderation", "n",
                "parallel_tool_calls", "prediction", "presence_penalty", "prompt_cache_key", "prompt_cache_options",
                "prompt_cache_retention", "reasoning_effort", "response_format", "safety_identifier", "seed", "service_tier",
                "stop", "store", "stream", "stream_options", "temperature", "tool_choice", "tools", "top_logprobs", "top_p",
                "user", "verbosity", "web_search_options");
        Set<String> completions = Set.of("model", "prompt", "best_of", "echo", "frequency_penalty", "logit_bias", "logprobs",
                "max_tokens", "n", "presence_penalty", "seed", "stop", "stream", "stream_options", "suffix", "temperature",
                "top_p", "user");
        assertEquals(List.of(), missing(chat, ChatFields.table()));
        assertEquals(List.of(), missing(completions, CompletionFields.table()));
    }

    private static List<String> missing(Set<String> fields, FieldTable<?> table) {
        List<String> known = table.rules().stream().map(rule -> (String) rule.field()).toList();
        return fields.stream().filter(field -> !known.contains(field)).sorted().toList();
    }
}
