package org.alcove.launcher;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a process is for. All are the same distribution; a role leaves out the configuration of what it does not do. */
enum Role {

    /** Everything in one process. */
    SERVE(8080, "/readyz", Set.of(Duty.OPENAI, Duty.MODEL, Duty.EVIDENCE, Duty.SEALED)),
    /** Knows the workers and chooses one for each request. */
    CONTROLLER(21001, "/test_connection", Set.of(Duty.HUB)),
    /** Serves a model to API processes. */
    WORKER(21002, "/readyz", Set.of(Duty.MODEL, Duty.EVIDENCE, Duty.NODE)),
    /** Speaks to clients and has workers elsewhere answer. */
    API(8080, "/v1/models", Set.of(Duty.OPENAI, Duty.SEALED, Duty.FRONT)),
    /** Speaks to clients of this machine, and seals what they ask to workers elsewhere that it has verified. */
    CONNECT(8090, "/v1/models", Set.of(Duty.OPENAI, Duty.CONNECT));

    /** Configurations that some roles need and others must not have, as regular expressions of file names. */
    private enum Duty {
        OPENAI("org\\.alcove\\.openai\\."),
        MODEL("org\\.alcove\\.worker\\.model-"),
        EVIDENCE("org\\.alcove\\.evidence\\."),
        SEALED("org\\.alcove\\.sealed\\."),
        CONNECT("org\\.alcove\\.connect\\."),
        HUB("org\\.alcove\\.cluster\\.controller\\."),
        NODE("org\\.alcove\\.cluster\\.worker\\."),
        FRONT("org\\.alcove\\.cluster\\.api\\.");

        private final String files;

        Duty(String files) {
            this.files = files;
        }
    }

    private final int port;
    private final String door;
    private final Set<Duty> duties;

    Role(int port, String door, Set<Duty> duties) {
        this.port = port;
        this.door = door;
        this.duties = duties;
    }

    /** The role that a verb of the command line starts, if it starts one; {@code all} is another name of {@code serve}. */
    static Optional<Role> of(String verb) {
        return Stream.of(values()).filter(role -> role.verb().equals(verb.equals("all") ? "serve" : verb)).findFirst();
    }

    String verb() {
        return name().toLowerCase(Locale.ROOT);
    }

    int port() {
        return port;
    }

    /** A path that answers with 200 once this process does its work. */
    String door() {
        return door;
    }

    boolean hasModel() {
        return duties.contains(Duty.MODEL);
    }

    /** Whether it talks to clients, who have API keys. */
    boolean hasClients() {
        return duties.contains(Duty.OPENAI);
    }

    /** Whether it talks to other processes of a cluster. */
    boolean isClustered() {
        return this != SERVE && this != CONNECT;
    }

    /** Whether it looks for a controller. */
    boolean hasController() {
        return isClustered() && this != CONTROLLER;
    }

    /** Which files of {@code conf/} a process takes that runs one command: it neither listens nor serves a model. */
    static String commandFilter() {
        return "(?!org\\.apache\\.felix\\.http|org\\.alcove\\.(cluster|accounts)\\.|" + Duty.MODEL.files + ").*";
    }

    /** Which files of {@code conf/} it takes, as File Install wants it: a regular expression of their names. */
    String configurationFilter() {
        String others = Arrays.stream(Duty.values()).filter(duty -> !duties.contains(duty)).map(duty -> duty.files)
                .collect(Collectors.joining("|"));
        return "(?!" + others + ").*";
    }
}
