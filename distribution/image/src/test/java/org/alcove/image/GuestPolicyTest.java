package org.alcove.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the policy in the initdata admits into a guest: its lists are those of the manifests, its patterns match what the runtime
 * asks for, and each rule that closes a door is there. No evaluator of Rego is at hand here.
 */
class GuestPolicyTest {

    /** What the runtime of containers mounts from files of the host, whatever the manifest says. */
    private static final Set<String> RUNTIME =
            Set.of("/dev/termination-log", "/etc/hostname", "/etc/hosts", "/etc/resolv.conf");
    private static final String SHARED = "/run/kata-containers/shared/containers/";

    private static String policy;

    @BeforeAll
    static void read() throws IOException {
        policy = Files.readString(Manifests.FOLDER.resolve("tdx/initdata.toml"));
    }

    /** A list of the policy, by its name; YAML reads them as Rego does. */
    private static List<JsonNode> list(String name) throws IOException {
        Matcher found = Pattern.compile("\n" + name + " := (\\[.*?])\n(?! )", Pattern.DOTALL).matcher(policy);
        assertTrue(found.find(), "the policy has no list " + name);
        return Manifests.each(new ObjectMapper(new YAMLFactory()).readTree(found.group(1))).toList();
    }

    private static Set<String> texts(String name) throws IOException {
        Set<String> texts = new TreeSet<>();
        list(name).forEach(it -> texts.add(it.asText()));
        return texts;
    }

    private static List<JsonNode> workloads() throws IOException {
        List<JsonNode> workloads = new ArrayList<>();
        for (String overlay : ConfidentialManifestsTest.OVERLAYS) {
            workloads.addAll(Manifests.rendered(overlay).workloads());
        }
        return workloads;
    }

    /** Whoever could mount something over the program would run his own under a good quote. */
    @Test
    void mountsAreAdmittedWhereTheManifestsAndTheRuntimeHaveThemAndNowhereElse() throws IOException {
        Set<String> ofHost = new TreeSet<>(RUNTIME);
        Set<String> ofGuest = new TreeSet<>();
        for (JsonNode workload : workloads()) {
            Set<String> kept = new HashSet<>();
            Manifests.each(Manifests.pod(workload).path("volumes")).filter(it -> it.has("emptyDir"))
                    .forEach(it -> kept.add(it.path("name").asText()));
            for (JsonNode container : Manifests.containers(workload)) {
                Manifests.each(container.path("volumeMounts")).forEach(it ->
                        (kept.contains(it.path("name").asText()) ? ofGuest : ofHost).add(it.path("mountPath").asText()));
            }
        }
        assertEquals(ofHost, texts("of_host"));
        assertEquals(ofGuest, texts("of_guest"));
        assertEquals(Set.of("/proc", "/sys", "/sys/fs/cgroup", "/dev", "/dev/pts", "/dev/mqueue", "/dev/shm"),
                Set.copyOf(list("of_kernel").stream().map(it -> it.path(0).asText()).toList()));
        for (String place : texts("of_host")) {
            for (String program : List.of(Layers.HOME, Layers.JAVA, "/lib", "/lib64", "/usr", "/etc/ld.so.cache")) {
                assertFalse((program + "/").startsWith(place + "/") || place.startsWith(program + "/"), place);
            }
        }
    }

    /** Nothing of the host's lies in the volumes that native kernels are opened from. */
    @Test
    void whatThePolicyTakesForVolumesOfTheGuestIsNoFolderThatTheHostCopiesTo() {
        String copied = pattern("copied(path) if");
        String local = pattern("kept(storage) if");
        String volume = SHARED + "a".repeat(64) + "-0123456789abcdef-tls";
        assertTrue(volume.matches(copied) && (volume + "/..data/node.p12").matches(copied), copied);
        for (String root : List.of("/local/data", "/rootfs/local/data")) {
            String own = SHARED + "a".repeat(64) + root;
            assertTrue(own.matches(local) && !own.matches(copied), own);
        }
        for (String other : List.of("/run/kata-containers/" + "a".repeat(64) + "/rootfs/opt/alcove/lib/launcher.jar",
                SHARED + "a".repeat(64) + "/rootfs/opt", volume + "/", "/opt/alcove", SHARED + "tls")) {
            assertFalse(other.matches(copied) || other.matches(local), other);
        }
        assertFalse((SHARED + "a".repeat(64) + "/local/..").matches(local), local);
    }

    private static String pattern(String rule) {
        Matcher found = Pattern.compile(Pattern.quote(rule) + "[^}]*?regex\\.match\\(\"([^\"]+)\"").matcher(policy);
        assertTrue(found.find(), "no pattern in " + rule);
        return found.group(1);
    }

    @Test
    void variablesAreThoseOfTheManifestsAndTheImage() throws IOException {
        Set<String> named = new TreeSet<>(Set.of("PATH", "HOSTNAME"));
        for (JsonNode workload : workloads()) {
            Manifests.containers(workload).forEach(container ->
                    Manifests.each(container.path("env")).forEach(it -> named.add(it.path("name").asText())));
        }
        assertEquals(named, texts("variables"));
    }

    /** Each in one line, whatever its lines in the policy: a rule that is changed is changed here, too. */
    @ParameterizedTest
    @ValueSource(strings = {
        "CreateContainerRequest := {\"allowed\": true, \"ops\": noted} if { input.OCI.Process.Args == [\"/pause\"] untouched }",
        "every variable in input.OCI.Process.Env { allowed(variable) } sealed(input.OCI.Process.Args) untouched }",
        "given(args, \"--sealed-sha256\", sealed_policy) given(args, \"--data\", \"/data\") }",
        "untouched if { regex.match(\"^[a-z0-9]{64}$\", input.container_id)",
        "object.get(input.OCI, \"Hooks\", null) == null",
        "count(object.get(input.OCI.Linux, \"Devices\", [])) == 0",
        "count(object.get(input, \"devices\", [])) == 0",
        "count(object.get(input, \"shared_mounts\", [])) == 0",
        "count([storage | some storage in input.storages; fetched(storage)]) == 1",
        "count({storage.mount_point | some storage in input.storages}) == count(input.storages)",
        "every storage in input.storages { provided(storage) } every mount in input.OCI.Mounts { mounted(mount) } }",
        "storage.mount_point == concat(\"\", [\"/run/kata-containers/\", input.container_id, \"/rootfs\"])",
        "kept(storage) if { block(storage) kind(storage) == \"kept\" unchanged(storage) }",
        "attached(storage) if { block(storage) kind(storage) == \"attached\" unchanged(storage) }",
        "unchanged(storage) if object.get(data.pstate, disk(storage), kind(storage)) == kind(storage)",
        "mount.destination in of_host mount.type_ == \"bind\" copied(mount.source) }",
        "some storage in input.storages kept(storage) storage.mount_point == mount.source }",
        "CreateSandboxRequest if { input.guest_hook_path == \"\" count(input.kernel_modules) == 0 every storage in",
        "not startswith(input.symlink_target, \"/\") not \"..\" in split(input.symlink_target, \"/\") }",
    })
    void theRuleThatClosesEachDoorIsThere(String rule) {
        assertTrue(policy.replaceAll("\\s+", " ").contains(rule), rule);
    }

    /** A rule that says nothing of a request would refuse it; these say it, lest somebody adds a rule that admits. */
    @ParameterizedTest
    @ValueSource(strings = {"AddSwap", "CopyFile", "CreateContainer", "CreateSandbox", "ExecProcess", "ReadStream", "SetPolicy",
        "UpdateEphemeralMounts", "WriteStream"})
    void requestsThatNobodyOrNotEverybodyMayMakeAreRefusedUnlessARuleAdmitsThem(String request) {
        assertTrue(policy.contains("\ndefault " + request + "Request := false\n"), request);
        assertFalse(policy.contains("default " + request + "Request := true"), request);
    }
}
