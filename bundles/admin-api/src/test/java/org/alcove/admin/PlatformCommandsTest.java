package org.alcove.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.alcove.api.control.Models;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformCommandsTest {

    @TempDir
    Path folder;

    private final FakeConfigurations configurations = new FakeConfigurations();
    private final FakeAudit audit = new FakeAudit();

    @Test
    void modelsAreListedLoadedAndUnloadedAndThatIsWrittenDown() throws IOException {
        Files.writeString(folder.resolve("tiny.gguf"), "1");
        PlatformCommands commands = new PlatformCommands(new FakeController(), audit, new FakeModels(),
                new ModelShelf(configurations.admin(), null, folder, folder.resolve("models.json")), null,
                () -> List.of("lottery", "shortest_queue"));
        assertTrue(commands.models().contains("tiny") && commands.models().contains("unloaded"), commands.models());
        assertEquals("done", commands.load("tiny"));
        assertEquals("the model is loaded already, or failed to; its state says more", commands.load("tiny"));
        assertEquals("done", commands.unload("tiny"));
        assertEquals(List.of("the shell shell model.load tiny  done", "the shell shell model.load tiny  refused",
                "the shell shell model.unload tiny  done"), audit.lines);
        assertEquals("done", commands.forget(FakeController.ID));
        assertEquals("there is no worker x here", commands.forget("x"));
        assertEquals("shortest_queue", commands.policy());
        assertEquals("no scheduling policy of this name is installed; installed: lottery, shortest_queue",
                commands.policy("lotery"));
        assertEquals("the shell shell policy.choose lotery  refused", audit.lines.getLast());
        assertEquals("2026-01-01T00:00:08Z  req-1  m  " + FakeController.ID + "  shortest_queue  the shortest queue of 1",
                commands.dispatches());
    }

    @Test
    void aModelStaysAsLongAsTheShellSays() throws IOException {
        FakeModels models = new FakeModels().with("tiny", Models.State.READY);
        PlatformCommands commands = new PlatformCommands(new FakeController(), audit, models,
                new ModelShelf(configurations.admin(), null, folder, folder.resolve("models.json")), null, List::of);
        assertEquals("ready, pinned, 0 MB, last used 1970-01-01T00:00:00Z", commands.keep("tiny", "pinned"));
        commands.keep("tiny", "300");
        assertEquals(new Models.Keeping(true, OptionalLong.of(300)), models.named("tiny").orElseThrow().keeping());
        commands.keep("tiny", "unpinned");
        commands.keep("tiny", "default");
        assertEquals(Models.Keeping.USUAL, models.named("tiny").orElseThrow().keeping());
        assertTrue(commands.keep("tiny", "-2").endsWith("seconds; these must be a whole number from -1 to 2147483647, not -2"));
        assertTrue(commands.keep("other", "pinned").startsWith("this process has no model of this name"));
        assertEquals("the shell shell model.keep other pinned refused", audit.lines.getLast());
    }

    @Test
    void aPolicyIsChosenForAllModelsAndAnotherForOne() throws IOException {
        configurations.add("policy", "lottery");
        PolicyConfiguration policies = new PolicyConfiguration(configurations.admin(), folder.resolve("policy.json"));
        PlatformCommands commands = new PlatformCommands(new FakeController(), audit, new FakeModels(), null, policies,
                () -> List.of("lottery", "shortest_queue"));
        assertEquals("done", commands.policy("shortest_queue", "a=b=lottery", "m=lottery"));
        assertEquals(new PolicyConfiguration.Chosen("shortest_queue", Map.of("a=b", "lottery", "m", "lottery")),
                policies.chosen());
        assertEquals("done", commands.policy("lottery", "m="));
        assertEquals(new PolicyConfiguration.Chosen("lottery", Map.of("a=b", "lottery")), policies.chosen());
        assertTrue(commands.policy("lottery", "m").startsWith("m makes no sense"));
        assertTrue(commands.policy("lottery", "m=no").startsWith("no scheduling policy of this name"));
        assertEquals("the shell shell policy.choose lottery m=no refused", audit.lines.getLast());
    }

    @Test
    void peopleAreListedLetInAndLetInNoMore() {
        FakeVisitors visitors = new FakeVisitors();
        AccountCommands commands = new AccountCommands(visitors, audit);
        assertTrue(commands.accounts().matches("ann +admin +1 sessions  since 1970-01-01T00:00:00Z"), commands.accounts());
        assertTrue(commands.accounts("create", "bob", "viewer").startsWith("secret\n"));
        assertEquals("a role is viewer, operator or admin", commands.accounts("create", "eve", "king"));
        assertEquals(List.of("bob"), visitors.invited);
        assertEquals("there is none", commands.accounts("remove", "joe"));
        assertTrue(commands.accounts("create", "bob").contains("accounts create NAME ROLE"));
        assertEquals(List.of("the shell shell account.create bob viewer done", "the shell shell account.create eve king refused",
                "the shell shell account.remove joe  refused"), audit.lines, "and no password");
    }
}
