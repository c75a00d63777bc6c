package org.alcove.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class PluginCommandsTest {

    private final FakeAudit audit = new FakeAudit();
    private final PluginCommands commands = new PluginCommands(
            new AdminServer().desks().stream().filter(PluginDesk.class::isInstance).map(PluginDesk.class::cast).findFirst()
                    .orElseThrow(), audit);

    @Test
    void whatIsNotThereIsNeitherShownNorChangedAndOrdersAreWrittenDown() throws Exception {
        String unknown = "there is no plug-in of this name";
        assertEquals("", commands.plugins());
        assertEquals(unknown, commands.plugins("impact", "x"));
        assertEquals(unknown, commands.plugins("rollback", "x"));
        assertEquals(unknown, commands.plugins("remove", "x"));
        assertTrue(commands.plugins("paint", "x").contains("plugins rollback ID"));
        assertEquals(List.of("the shell shell plugin.rollback x  refused", "the shell shell plugin.remove x  refused"),
                audit.lines);
    }
}
