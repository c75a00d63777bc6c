package org.alcove.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;
import org.slf4j.Logger;

/**
 * The log of the process, on standard error; prompts and answers are never logged, whatever the level. Said in Java because
 * reading a file of Logback's took a tenth of a second of each start; a file of one's own is named by the property
 * {@code logback.configurationFile} and then counts alone. Logback finds this class by {@code META-INF/services}.
 */
public final class ConsoleLog extends ContextAwareBase implements Configurator {

    /** Environment variable, and property, of the level. */
    static final String LEVEL = "ALCOVE_LOG";

    private static final String OWN_FILE = "logback.configurationFile";
    private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{24} - %msg%n%ex{8}";
    private static final List<String> QUIET = List.of("osgi", "org.apache.felix", "org.eclipse.jetty");

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty(OWN_FILE) != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setName("console");
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();
        QUIET.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.toLevel(level(), Level.INFO));
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(console);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static String level() {
        String property = System.getProperty(LEVEL);
        return property != null ? property : System.getenv(LEVEL);
    }
}
