package org.alcove.launcher;

import java.net.URI;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a process says once it does its work: where it answers, and what to try next. */
final class Greeting {

    private Greeting() {
    }

    /**
     * The words.
     *
     * @param url where it answers
     * @param seconds how long its start took
     */
    static String of(Options options, String url, double seconds) {
        return String.format(Locale.ROOT, """

                Alcove answers at %s (%s, ready after %.1f s). %s

                """, url, options.role().verb(), seconds, switch (options.role()) {
            case SERVE -> "Try:\n\n" + request(options, url, modelName(options));
            case API -> "Try:\n\n" + request(options, url, "MODEL");
            case CONNECT -> "It verifies " + servers(options) + " and sends prompts there only sealed. Try:\n\n"
                    + request(options, url, "MODEL");
            case CONTROLLER -> "Next:\n\n"
                    + "  ./alcove worker --controller " + url + belonging(options) + " --model PATH\n"
                    + "  ./alcove api --controller " + url + belonging(options);
            case WORKER -> "It serves " + modelName(options) + " to the cluster of "
                    + options.membership().controller().orElseThrow() + ".";
        });
    }

    /** What others have to show to belong to the controller's cluster. */
    private static String belonging(Options options) {
        return options.membership().authority().map(file -> " --tls FILE.p12 --cluster-ca " + file.getFileName()).orElse("")
                + options.membership().secret().map(file -> " --cluster-secret " + file.getFileName()).orElse("");
    }

    private static String servers(Options options) {
        return options.connection().servers().stream().map(URI::toString).collect(Collectors.joining(", "));
    }

    private static String request(Options options, String url, String model) {
        return "  curl " + url + "/v1/chat/completions -H 'Content-Type: application/json'"
                + (options.apiKeys().isPresent() ? " -H 'Authorization: Bearer KEY'" : "") + " \\\n"
                + "    -d '{\"model\": \"" + model + "\","
                + " \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}'";
    }

    /** The name by which requests ask for the model; the worker derives the same from the path where none is given. */
    private static String modelName(Options options) {
        if (!options.name().isEmpty()) {
            return options.name();
        }
        return options.model().orElseThrow().getFileName().toString().replaceFirst("(\\.gguf)?(\\.sealed)?$", "");
    }
}
