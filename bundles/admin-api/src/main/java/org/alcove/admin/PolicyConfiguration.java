package org.alcove.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The choice of policies in the configuration of {@code core}. At every start that configuration comes from a file again; a
 * choice made here is kept beside it, with what the file said then, and made again unless a person has edited the file since.
 */
final class PolicyConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(PolicyConfiguration.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    static final String CORE = "org.alcove.core";
    private static final String POLICY = "policy";
    private static final String PER_MODEL = "policy_per_model";
    private static final String SEEDED = "seeded";
    private static final String CHOSEN = "chosen";

    private final ConfigurationAdmin admin;
    private final Path file;
    private boolean restored;
    /** What the configuration said when the kept choice was made; null where none is kept, or it was not read yet. */
    private Chosen seeded;

    /** A policy for all models, and exceptions. */
    record Chosen(String policy, Map<String, String> perModel) {

        /** As {@link org.alcove.api.control.Controller#policy()} says it once it is in use and all of it is installed. */
        String told() {
            StringBuilder told = new StringBuilder(policy);
            new TreeMap<>(perModel).forEach((model, own) -> told.append("; for ").append(model).append(": ").append(own));
            return told.toString();
        }
    }

    PolicyConfiguration(ConfigurationAdmin admin, Path file) {
        this.admin = admin;
        this.file = file;
    }

    Chosen chosen() throws IOException {
        Dictionary<String, Object> properties = properties(configuration());
        Map<String, String> perModel = new TreeMap<>();
        Object exceptions = properties.get(PER_MODEL);
        for (String entry : exceptions instanceof String[] many ? many : new String[0]) {
            int equals = entry.lastIndexOf('=');
            if (equals > 0) {
                perModel.put(entry.substring(0, equals).strip(), entry.substring(equals + 1).strip());
            }
        }
        return new Chosen(properties.get(POLICY) instanceof String text ? text.strip() : "", perModel);
    }

    synchronized void choose(Chosen next) throws IOException {
        Chosen before = seeded == null ? chosen() : seeded;
        ObjectNode json = JSON.createObjectNode();
        json.set(SEEDED, json(before));
        json.set(CHOSEN, json(next));
        // Also in place of a file that makes no sense: then the configuration holds what it says itself.
        DataFolder.write(file, JSON.writeValueAsBytes(json));
        seeded = before;
        restored = true;
        apply(next);
    }

    /**
     * The configuration may have come or changed: the first time makes the kept choice again, where the file says what it said
     * when it was made; later, a person who edits the file has the last word.
     */
    synchronized void changed() {
        try {
            Chosen now = chosen();
            if (!Files.exists(file)) {
                return;
            }
            Chosen kept = read(CHOSEN);
            seeded = read(SEEDED);
            if (now.policy().isEmpty() || now.equals(kept)) {
                return;
            }
            if (!restored && now.equals(seeded)) {
                apply(kept);
            } else {
                LOG.info("The configuration {} was edited, so the policy that was chosen before counts no more", CORE);
                Files.delete(file);
                seeded = null;
            }
            restored = true;
        } catch (IOException | RuntimeException e) {
            LOG.error("The chosen policy cannot be read from {}; the configuration {} holds until one is chosen again: {}", file,
                    CORE, e.toString());
        }
    }

    private void apply(Chosen next) throws IOException {
        Configuration configuration = configuration();
        Dictionary<String, Object> properties = properties(configuration);
        properties.put(POLICY, next.policy());
        properties.put(PER_MODEL, next.perModel().entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue())
                .toArray(String[]::new));
        configuration.update(properties);
    }

    private Configuration configuration() throws IOException {
        return admin.getConfiguration(CORE, "?");
    }

    private static Dictionary<String, Object> properties(Configuration configuration) {
        Dictionary<String, Object> properties = configuration.getProperties();
        return properties == null ? new Hashtable<>() : properties;
    }

    private static ObjectNode json(Chosen chosen) {
        ObjectNode json = JSON.createObjectNode().put(POLICY, chosen.policy());
        ObjectNode perModel = json.putObject("per_model");
        chosen.perModel().forEach(perModel::put);
        return json;
    }

    private Chosen read(String which) throws IOException {
        JsonNode json = JSON.readTree(file.toFile()).required(which);
        Map<String, String> perModel = new TreeMap<>();
        json.required("per_model").properties().forEach(entry -> perModel.put(entry.getKey(), entry.getValue().textValue()));
        return new Chosen(json.required(POLICY).textValue(), perModel);
    }
}
