package org.alcove.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    }
}
