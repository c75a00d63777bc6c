package org.alcove.attestation.tdx;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.alcove.attestation.Check;
import org.alcove.attestation.Measurement;
import org.alcove.attestation.Verdict;

/** A verdict for machines: {@code good}, {@code kind} tdx or mock, {@code at}, TCB, measurements, and every check. */
final class VerdictJson {

    private VerdictJson() {
    }

    static String of(Verdict verdict) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("good", verdict.good());
        switch (verdict) {
            case Verdict.Tdx tdx -> {
                json.put("kind", "tdx");
                json.put("at", tdx.at().toString());
                tdx.tcb().ifPresent(status -> json.put("tcb_status", status.text()));
                ArrayNode advisories = json.putArray("advisories");
                tdx.advisories().forEach(advisories::add);
            }
            case Verdict.Mock mock -> {
                json.put("kind", "mock");
                json.put("at", mock.at().toString());
                json.put("warning", "mock evidence proves nothing about where anything runs");
            }
        }
        ObjectNode measurements = json.putObject("measurements");
        for (Measurement measurement : Measurement.values()) {
            if (verdict.measurements().containsKey(measurement)) {
                measurements.put(measurement.key(), verdict.measurements().get(measurement));
            }
        }
        ArrayNode checks = json.putArray("checks");
        for (Check check : verdict.checks()) {
            checks.addObject().put("name", check.name()).put("result", check.result().name().toLowerCase(Locale.ROOT))
                    .put("expected", check.expected()).put("found", check.found());
        }
        return json.toPrettyString() + "\n";
    }
}
