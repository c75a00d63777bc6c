package org.alcove.attestation.tdx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.alcove.api.control.Command;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.Policy;
import org.alcove.attestation.Verdict;
import org.alcove.attestation.Verifier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ./alcove verify}: judges a quote from files and says why, without the network. */
@Component(property = {Command.NAME + "=verify",
    Command.SUMMARY + "=QUOTE --collateral DIR --policy FILE [--at TIME] [--event-log FILE] [--nonce HEX] [--json]"})
public final class VerifyCommand implements Command {
    private static final String USAGE = """
            usage: ./alcove verify QUOTE --collateral DIR --policy FILE [--at TIME] [--event-log FILE] [--nonce HEX] [--json]
              QUOTE             a TDX quote of version 4 or 5, as the machine gave it; or what GET /attestation answered,
                                whose workers are then judged one after the other, with all that their quotes bind
              --collateral DIR  tcb_info.json, tcb_info_issuer_chain.pem, qe_identity.json, qe_identity_issuer_chain.pem,
                                root_ca_crl and pck_crl
              --policy FILE     which machines are accepted, JSON
              --at TIME         the time to judge at, like 2026-01-31T00:00:00Z; without it, now
              --event-log FILE  the CCEL log behind the run-time measurements
              --nonce HEX       what /attestation was asked with; evidence for another one may be old and is refused
              --json            the verdict as JSON
            exit status: 0 good, 1 refused, 2 wrong arguments or a file that cannot be read""";
    private static final int GOOD = 0;
    private static final int REFUSED = 1;
    private static final int MISUSED = 2;
    private static final Set<String> VALUES = Set.of("--collateral", "--policy", "--at", "--event-log", "--nonce");
    private static final String JSON = "--json";
    /** More than every limit of the readers, which then name what is too large; the rest of a file is not read. */
    private static final int LARGEST = (4 << 20) + 1;

    private final Verifier verifier;
    private final Clock clock;

    @Activate
    public VerifyCommand(@Reference Verifier verifier) {
        this(verifier, Clock.systemUTC());
    }

    VerifyCommand(Verifier verifier, Clock clock) {
        this.verifier = verifier;
        this.clock = clock;
    }

    @Override
    public int run(List<String> arguments, Terminal terminal) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            terminal.out().println(USAGE);
            return GOOD;
        }
        List<Verdict> verdicts;
        boolean json;
        try {
            Map<String, String> options = options(arguments);
            json = options.containsKey(JSON);
            verdicts = judge(options);
        } catch (IllegalArgumentException e) {
            terminal.err().println("alcove verify: " + e.getMessage());
            terminal.err().println(USAGE);
            return MISUSED;
        } catch (IOException e) {
            terminal.err().println("alcove verify: cannot read " + e.getMessage());
            return MISUSED;
        } catch (AttestationException e) {
            terminal.err().println("alcove verify: " + e.getMessage());
            return MISUSED;
        }
        for (Verdict verdict : verdicts) {
            String text = json ? VerdictJson.of(verdict) : verdict.text();
            terminal.out().writeBytes(text.getBytes(StandardCharsets.UTF_8));
        }
        terminal.out().flush();
        return verdicts.stream().allMatch(Verdict::good) ? GOOD : REFUSED;
    }

    private List<Verdict> judge(Map<String, String> options) throws IOException, AttestationException {
        Instant at = options.containsKey("--at") ? instant(options.get("--at")) : clock.instant();
        Policy policy = Policy.read(bytes(options.get("--policy")));
        Collateral collateral = Collateral.read(Path.of(options.get("--collateral")));
        Optional<byte[]> log = options.containsKey("--event-log") ? Optional.of(bytes(options.get("--event-log")))
                : Optional.empty();
        List<Verdict> verdicts = new ArrayList<>();
        Optional<String> nonce = Optional.ofNullable(options.get("--nonce"));
        for (EvidenceFile.Judged each : EvidenceFile.read(bytes(options.get("")), log, nonce)) {
            Policy own = each.reportData().map(policy::withReportData).orElse(policy);
            verdicts.add(verifier.verify(each.evidence(), collateral, own, at));
        }
        return verdicts;
    }

    /** Values by flag; the quote's path under the empty name. */
    private static Map<String, String> options(List<String> arguments) {
        Map<String, String> options = new HashMap<>();
        for (Iterator<String> words = arguments.iterator(); words.hasNext();) {
            String word = words.next();
            String name = word.startsWith("-") ? word : "";
            if (!name.isEmpty() && !name.equals(JSON) && !VALUES.contains(name)) {
                throw new IllegalArgumentException("there is no flag " + word);
            }
            boolean valued = VALUES.contains(name);
            if (valued && !words.hasNext()) {
                throw new IllegalArgumentException(name + " needs a value");
            }
            if (options.put(name, valued ? words.next() : word) != null) {
                throw new IllegalArgumentException((name.isEmpty() ? "QUOTE" : name) + " is given twice");
            }
        }
        for (String needed : List.of("", "--collateral", "--policy")) {
            if (!options.containsKey(needed)) {
                throw new IllegalArgumentException((needed.isEmpty() ? "QUOTE" : needed) + " is missing");
            }
        }
        return options;
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("--at " + text + " is no time like 2026-01-31T00:00:00Z", e);
        }
    }

    private static byte[] bytes(String file) throws IOException {
        if (!Files.isRegularFile(Path.of(file))) {
            throw new IOException(file + ": it is no file");
        }
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return in.readNBytes(LARGEST);
        }
    }
}
