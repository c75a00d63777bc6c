package org.alcove.shell;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Brings what the framework and its services log into the log of the process, under the name of the bundle that wrote it. While
 * the framework starts, entries only pile up: hundreds of events, none of which is worth waking a thread for, took a fifth of
 * the start. They are told once it has started.
 */
@Component(service = {}, immediate = true)
public final class LogForwarder implements LogListener, FrameworkListener {

    private final LogReaderService reader;
    private final BundleContext context;
    /** Number of the last entry that was told from the pile. Guarded by the monitor. */
    private long told = -1;

    @Activate
    public LogForwarder(BundleContext context, @Reference LogReaderService reader) {
        this.context = context;
        this.reader = reader;
        if (context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getState() == Bundle.ACTIVE) {
            listen();
        } else {
            context.addFrameworkListener(this);
        }
    }

    @Override
    public void frameworkEvent(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.STARTED) {
            context.removeFrameworkListener(this);
            listen();
        }
    }

    /** What comes meanwhile waits for the monitor, and is then told only if the pile did not have it. */
    private synchronized void listen() {
        reader.addLogListener(this);
        List<LogEntry> pile = new ArrayList<>(Collections.list(reader.getLog()));
        Collections.reverse(pile);
        pile.forEach(LogForwarder::tell);
        told = pile.isEmpty() ? told : pile.getLast().getSequence();
    }

    @Deactivate
    void stop() {
        context.removeFrameworkListener(this);
        reader.removeLogListener(this);
    }

    @Override
    public synchronized void logged(LogEntry entry) {
        if (entry.getSequence() > told) {
            tell(entry);
        }
    }

    private static void tell(LogEntry entry) {
        Logger logger = LoggerFactory.getLogger("osgi." + entry.getBundle().getSymbolicName());
        logger.atLevel(level(entry)).setCause(entry.getException()).log("{}", entry.getMessage());
    }

    private static Level level(LogEntry entry) {
        return switch (entry.getLogLevel()) {
            case AUDIT, ERROR -> Level.ERROR;
            case WARN -> Level.WARN;
            case INFO -> Level.INFO;
            case DEBUG -> Level.DEBUG;
            case TRACE -> Level.TRACE;
        };
    }
}
