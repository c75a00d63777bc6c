package org.alcove.evaluation.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads comma-separated values with a row of names at the top; values in quotes may hold commas, quotes and line ends. */
final class CsvRows {

    private static final CsvMapper MAPPER = new CsvMapper();

    /**
     * A row.
     *
     * @param line on which it begins, the first being 1
     * @param values by the names of their columns
     */
    record Row(int line, Map<String, String> values) {
    }

    private CsvRows() {
    }

    /**
     * Reads all rows.
     *
     * @param file its name, for messages
     * @throws IOException with file, line and reason if a row is damaged or has too few or too many values
     */
    static List<Row> read(String text, String file) throws IOException {
        // Spreadsheets put a byte order mark in front.
        String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
        List<Row> rows = new ArrayList<>();
        try (MappingIterator<String[]> lines = MAPPER.readerFor(String[].class).with(CsvParser.Feature.WRAP_AS_ARRAY)
                .with(CsvParser.Feature.SKIP_EMPTY_LINES).readValues(plain)) {
            if (!lines.hasNextValue()) {
                throw new IOException(file + " is empty; its first line must name the columns");
            }
            String[] names = lines.nextValue();
            while (lines.hasNextValue()) {
                int line = lines.getParser().currentLocation().getLineNr();
                String[] values = lines.nextValue();
                if (values.length != names.length) {
                    throw new IOException(file + " line " + line + " has " + values.length + " values, but the first line names "
                            + names.length + " columns; mend the line, or put values with commas in quotes");
                }
                Map<String, String> row = new HashMap<>();
                for (int i = 0; i < names.length; i++) {
                    row.put(names[i].strip(), values[i]);
                }
                rows.add(new Row(line, row));
            }
        } catch (JsonProcessingException e) {
            throw new IOException(file + " line " + (e.getLocation() == null ? "?" : e.getLocation().getLineNr()) + ": "
                    + e.getOriginalMessage(), e);
        }
        return rows;
    }
}
