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
import java.util.List;
import java.util.Optional;
import org.alcove.api.control.Command;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.Policy;
import org.alcove.attestation.Verdict;
import org.alcove.attestation.Verifier;
import org.alcove.commandline.CommandLine;
import org.alcove.commandline.Usage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ./alcove verify}: judges a quote from files and says why, without the network. */
@Component(property = {Command.NAME + "=verify",
    Command.SUMMARY + "=QUOTE --policy FILE [--collateral DIR] [--at TIME] [--event-log FILE] [--nonce HEX] [--json]"})
public final class VerifyCommand implements Command {
    private static final Usage USAGE = Usage.of("verify", """
            usage: ./alcove verify QUOTE --policy FILE [--collateral DIR] [--at TIME] [--event-log FILE] [--nonce HEX] [--json]
              QUOTE             a TDX quote of version 4 or 5, as the machine gave it; or what GET /attestation answered,
                                whose workers are then judged one after the other, with all that their quotes bind
              --policy FILE     which machines are accepted, JSON
              --collateral DIR  tcb_info.json, tcb_info_issuer_chain.pem, qe_identity.json, qe_identity_issuer_chain.pem,
                                root_ca_crl and pck_crl; only mock evidence is judged without them
              --at TIME         the time to judge at, like 2026-01-31T00:00:00Z; without it, now
              --event-log FILE  the CCEL log behind the run-time measurements
              --nonce HEX       what /attestation was asked with; evidence for another one may be old and is refused
              --json            the verdict as JSON
            exit status: 0 good, 1 refused, 2 wrong arguments or a file that cannot be read""",
            "--collateral", "--policy", "--at", "--event-log", "--nonce").and("--json");
    private static final int GOOD = 0;
    private static final int REFUSED = 1;
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
        return USAGE.run(arguments, terminal, this::order, order -> judge(order, terminal));
    }

    /**
     * What is to be done.
     *
     * @param at the time to judge at
     */
    private record Order(Path quote, Optional<Path> collateral, Path policy, Instant at, Optional<Path> log,
            Optional<String> nonce, boolean json) {
    }

    private Order order(CommandLine line) {
        return new Order(Path.of(line.words("QUOTE").getFirst()), line.path("--collateral"), Path.of(line.needed("--policy")),
                line.text("--at").map(VerifyCommand::instant).orElseGet(clock::instant), line.path("--event-log"),
                line.text("--nonce"), line.has("--json"));
    }

    private int judge(Order order, Terminal terminal) {
        List<Verdict> verdicts;
        try {
            verdicts = verdicts(order);
        } catch (IOException e) {
            terminal.err().println("alcove verify: cannot read " + e.getMessage());
            return Usage.MISUSED;
        } catch (AttestationException e) {
            terminal.err().println("alcove verify: " + e.getMessage());
            return Usage.MISUSED;
        }
        for (Verdict verdict : verdicts) {
            String text = order.json() ? VerdictJson.of(verdict) : verdict.text();
            terminal.out().writeBytes(text.getBytes(StandardCharsets.UTF_8));
        }
        terminal.out().flush();
        return verdicts.stream().allMatch(Verdict::good) ? GOOD : REFUSED;
    }

    private List<Verdict> verdicts(Order order) throws IOException, AttestationException {
        Policy policy = Policy.read(bytes(order.policy()));
        Optional<Collateral> collateral = order.collateral().isPresent() ? Optional.of(Collateral.read(order.collateral().get()))
                : Optional.empty();
        Optional<byte[]> log = order.log().isPresent() ? Optional.of(bytes(order.log().get())) : Optional.empty();
        List<Verdict> verdicts = new ArrayList<>();
        for (EvidenceFile.Judged each : EvidenceFile.read(bytes(order.quote()), log, order.nonce())) {
            Policy own = each.reportData().map(policy::withReportData).orElse(policy);
            if (collateral.isEmpty() && !each.evidence().mock()) {
                throw new AttestationException("the evidence is a quote: --collateral DIR is needed to judge it");
            }
            verdicts.add(verifier.verify(each.evidence(), collateral.orElse(Collateral.NONE), own, order.at()));
        }
        return verdicts;
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("--at " + text + " is no time like 2026-01-31T00:00:00Z", e);
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": it is no file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(LARGEST);
        }
    }
}
