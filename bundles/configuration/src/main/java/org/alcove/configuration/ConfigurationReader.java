package org.alcove.configuration;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;

/**
 * Reads a configuration for a component that goes by it. What makes no sense is said in the log: at the start the component is
 * left out, and later all goes on as it was before, since what serves well is not to end for a slip of the pen.
 *
 * @param <S> what the component goes by
 */
public final class ConfigurationReader<S> {

    private final String pid;
    private final Class<?> form;
    private final Reading<S> reading;
    private final Logger log;

    /** Makes of checked values what a component goes by. */
    public interface Reading<S> {

        /**
         * Reads them.
         *
         * @throws IOException if a file that they name cannot be read
         * @throws IllegalArgumentException if one cannot be; the message names it
         */
        S of(GivenValues values) throws IOException;
    }

    /**
     * For one component.
     *
     * @param pid of its configuration, for the log
     * @param form describes it, as for {@link GivenValues}
     * @param log where it is told what cannot be
     */
    public ConfigurationReader(String pid, Class<?> form, Reading<S> reading, Logger log) {
        this.pid = pid;
        this.form = form;
        this.reading = reading;
        this.log = log;
    }

    /**
     * What a component begins with.
     *
     * @param missing what is not there without it, as a sentence, for the log
     * @throws IOException if a file cannot be read
     * @throws IllegalArgumentException if a value cannot be; this is in the log, too
     */
    public S first(Map<String, Object> given, String missing) throws IOException {
        try {
            return read(given);
        } catch (IOException | IllegalArgumentException e) {
            tell(e, missing);
            throw e;
        }
    }

    /** What a component that runs goes by from now on; nothing where it goes on as before. */
    public Optional<S> next(Map<String, Object> given) {
        try {
            return Optional.of(read(given));
        } catch (IOException | IllegalArgumentException e) {
            tell(e, "all goes on as it was before");
            return Optional.empty();
        }
    }

    private void tell(Exception fault, String meanwhile) {
        log.error("Configuration {}: {}; {} until it is corrected", pid, fault.getMessage(), meanwhile);
    }

    private S read(Map<String, Object> given) throws IOException {
        GivenValues values = new GivenValues(form, given);
        // Of what comes from several configurations, others read the rest.
        if (!values.isOneOfSeveral()) {
            values.strangers().forEach(log::warn);
        }
        values.requireReplaced();
        return reading.of(values);
    }
}
