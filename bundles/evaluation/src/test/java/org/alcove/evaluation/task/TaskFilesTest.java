package org.alcove.evaluation.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.alcove.api.control.Command.Terminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskFilesTest {

    private static final String HEAD = "id,question,A,B,C,D,answer";
    private static final String TWO = HEAD + "\n0,\"One, or\ntwo \"\"bits\"\"?\",a,\"b, c\",c,d,B\n1,Two?,a,b,c,d,A\n";

    @TempDir
    private Path folder;

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private String fault(Path path, int shots) {
        return assertThrows(IOException.class, () -> new TaskFiles(shots).read(path)).getMessage();
    }

    private static void assertContains(String part, String whole) {
        assertTrue(whole.contains(part), whole);
    }

    @Test
    void fiveExamplesStandBeforeTheQuestionInTheOfficialForm() throws Exception {
        StringBuilder dev = new StringBuilder(HEAD + ",explanation\n");
        StringBuilder golden = new StringBuilder("以下是中国关于逻辑学考试的单项选择题，请选出其中的正确答案。\n\n");
        for (int i = 0; i < 5; i++) {
            dev.append(i).append(",问题").append(i).append(",甲,乙,丙,丁,C,因为\n");
            golden.append("问题").append(i).append("\nA. 甲\nB. 乙\nC. 丙\nD. 丁\n答案：C\n\n");
        }
        write("dev/logic_dev.csv", dev.toString());
        write("val/logic_val.csv", TWO);
        Task task = new TaskFiles(5).read(folder).getFirst();
        assertEquals("logic", task.name());
        assertEquals("Humanities", task.group());
        List<Continuation> letters = task.items().getFirst().choices();
        assertEquals(golden + "One, or\ntwo \"bits\"?\nA. a\nB. b, c\nC. c\nD. d\n答案：", letters.getFirst().context());
        assertEquals(List.of("A", "B", "C", "D"), letters.stream().map(Continuation::text).toList());
        assertEquals(1, task.items().getFirst().right());
        String alone = new TaskFiles(0).read(folder).getFirst().items().getLast().choices().getFirst().context();
        assertEquals("以下是中国关于逻辑学考试的单项选择题，请选出其中的正确答案。\n\nTwo?\nA. a\nB. b\nC. c\nD. d\n答案：", alone);
    }

    @Test
    void allFiftyTwoSubjectsHaveAGroupAndOthersAreOther() {
        assertEquals("{Humanities=11, Other=11, STEM=20, Social Science=10}", Subject.known().values().stream()
                .collect(Collectors.groupingBy(Subject::group, TreeMap::new, Collectors.counting())).toString());
        assertEquals(new Subject("my_own", "my own", "Other"), Subject.of("my_own"));
    }

    @Test
    void aFlatFolderAndASingleFileAreTasksToo() throws Exception {
        Path file = write("b_val.csv", TWO);
        write("b_dev.csv", TWO);
        write("b_test.csv", HEAD + "\n");
        write("a.csv", "\uFEFF" + TWO);
        write("words.jsonl", "{\"text\": \"a b\"}\n\n");
        assertEquals(List.of("a", "b", "words"), new TaskFiles(0).read(folder).stream().map(Task::name).toList());
        assertEquals(List.of("b"), new TaskFiles(0).read(file).stream().map(Task::name).toList());
    }

    @Test
    void whatIsWrongWithAFileIsToldWithItsLine() throws Exception {
        assertContains("bad.csv line 2 has 6 values, but the first line names 7 columns",
                fault(write("bad.csv", HEAD + "\n0,q,a,b,c,d\n"), 0));
        assertContains("line 4: the answer is \"E\"",
                fault(write("bad.csv", HEAD + "\n0,\"q\nr\",a,b,c,d,A\n1,q,a,b,c,d,E\n"), 0));
        assertContains("there is no column answer", fault(write("bad.csv", "id,question,A,B,C,D\n0,q,a,b,c,d\n"), 0));
        assertContains("no questions", fault(write("bad.csv", HEAD + "\n"), 0));
        assertContains("is empty", fault(write("bad.csv", ""), 0));
        assertContains("--shots 0", fault(write("bad.csv", TWO), 5));
        write("bad_dev.csv", TWO);
        assertContains("has 2 examples, 5 are needed", fault(write("bad.csv", TWO), 5));
        assertContains("has no tasks", fault(Files.createDirectory(folder.resolve("empty")), 0));
        assertContains("does not exist", fault(folder.resolve("none"), 0));
    }

    @Test
    void badLinesAreToldWithNumberAndReason() throws Exception {
        String message = fault(write("bad.jsonl", """
                {"context": "c", "choices": ["a", "b"], "answer": 1}
                {"context": "c", "choices": ["a", "b"], "answer": 2}
                {"text": "last word"}
                {broken
                {"context": "c", "choices": ["a"], "answer": 0}
                {"what": 1}
                [1]
                """), 0);
        assertContains("has 6 bad lines of 7", message);
        assertContains("line 2: answer names none of the 2 choices", message);
        assertContains("line 3: of another kind", message);
        assertContains("line 4: no JSON", message);
        assertContains("line 5: there are 1 choices", message);
        assertContains("line 6: its fields", message);
    }

    private List<Continuation> choices(String line) throws IOException {
        return new TaskFiles(0).read(write("one.jsonl", line)).getFirst().items().getFirst().choices();
    }

    @Test
    void knownSetsAreReadAsTheHarnessReadsThem() throws Exception {
        assertEquals(List.of(new Continuation("a b", " c.", 2)), choices("{\"text\": \"a b c.\"}"));
        assertEquals(new Continuation("Question: g\nAnswer:", " two", 3),
                choices("{\"goal\": \"g\", \"sol1\": \"one\", \"sol2\": \"two\", \"label\": \"1\"}").get(1));
        assertEquals(List.of(new Continuation("He saw Ann", " because.", 8), new Continuation("He saw Bob", " because.", 8)),
                choices("{\"sentence\": \"He saw _ because.\", \"option1\": \"Ann\", \"option2\": \"Bob\", \"answer\": \"2\"}"));
        assertEquals(new Continuation("Cooking: Stir. x Then you", " eat.", 4), choices("""
                {"activity_label": "Cooking", "ctx_a": "Stir. [header] x", "ctx_b": "then YOU", "endings": ["eat.", "run."],\
                 "label": 0}
                """).getFirst());
        assertEquals(new Continuation("法国的首都是", "巴黎", 6),
                choices("{\"context\": \"法国的首都是\", \"choices\": [\"巴黎\", \"伦敦\"], \"answer\": 0, \"join\": \"\"}").getFirst());
    }

    @Test
    void tablesAndChartsTellAccuraciesOfSubjectsGroupsAndTasks() throws Exception {
        write("val/logic_val.csv", TWO);
        write("val/law_val.csv", TWO);
        write("words.jsonl", "{\"text\": \"the cat\"}\n{\"text\": \"the dog\"}\n");
        List<Task> tasks = new TaskFiles(0).read(folder);
        String one = tasks.getFirst().items().getFirst().choices().getFirst().context() + "B";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(InputStream.nullInputStream(), new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(new ByteArrayOutputStream()), true);
        new Evaluation(new KnownEngine(1000, one, "the cat"), new LetterTokenizer(), terminal).run("tiny", tasks, 1,
                Optional.of(folder.resolve("charts")));
        String text = out.toString(StandardCharsets.UTF_8);
        assertContains("| logic | Humanities | 1 | 100.0 |  | 0 |", text);
        assertContains("| law | Humanities | 1 | 0.0 |  | 0 |", text);
        assertContains("| Humanities | 50.0 |", text);
        assertContains("| average | 50.0 |", text);
        assertContains("| words | 1 | 100.0 |  |  | 16.000 | 0 |", text);
        for (String chart : List.of("groups", "subjects", "tasks")) {
            assertContains("<svg", Files.readString(folder.resolve("charts/accuracy-" + chart + ".svg")));
        }
    }

    @Test
    void theCommandLineIsRefusedWhereItSaysTooLittleOrTooMuch() {
        EvalOptions options = EvalOptions.of(EvalOptions.USAGE.read(
                List.of("m", "--tasks", "t", "--limit", "3", "--shots", "0")));
        assertEquals(new EvalOptions(Path.of("m"), Path.of("t"), 0, 3, Optional.empty()), options);
        for (List<String> wrong : List.of(List.of("m"), List.of("--tasks", "t"), List.of("m", "n", "--tasks", "t"),
                List.of("m", "--tasks"), List.of("m", "--tasks", "t", "--shots", "3"),
                List.of("m", "--tasks", "t", "--limit", "0"),
                List.of("m", "--tasks", "t", "--limit", "x"), List.of("m", "--tasks", "t", "--none", "1"))) {
            assertThrows(IllegalArgumentException.class, () -> EvalOptions.of(EvalOptions.USAGE.read(wrong)), wrong.toString());
        }
    }
}
