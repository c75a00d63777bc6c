package org.alcove.attestation;

/** Writes a verdict for people: one line for each check, the conclusion last. */
final class VerdictText {
    private static final String MOCK = "MOCK EVIDENCE. It proves nothing about where anything runs.";

    private VerdictText() {
    }

    static String of(Verdict verdict) {
        StringBuilder text = new StringBuilder();
        String head = switch (verdict) {
            case Verdict.Tdx tdx -> "TDX evidence under the Intel SGX Root CA";
            case Verdict.Mock mock -> MOCK;
        };
        text.append(head).append('\n').append("judged at ").append(verdict.at()).append('\n');
        for (Check check : verdict.checks()) {
            text.append(mark(check.result())).append("  ").append(check.name()).append(": ");
            if (check.result() == Check.Result.PASSED || check.expected().isEmpty()) {
                text.append(check.found());
            } else {
                text.append("expected ").append(check.expected()).append(", found ").append(check.found());
            }
            text.append('\n');
        }
        if (verdict instanceof Verdict.Tdx tdx && tdx.tcb().isPresent()) {
            text.append("TCB ").append(tdx.tcb().get().text());
            text.append(tdx.advisories().isEmpty() ? "" : " " + String.join(" ", tdx.advisories())).append('\n');
        }
        return text.append(end(verdict)).append('\n').toString();
    }

    private static String mark(Check.Result result) {
        return switch (result) {
            case PASSED -> "ok     ";
            case WARNED -> "warning";
            case FAILED -> "FAILED ";
        };
    }

    private static String end(Verdict verdict) {
        long failed = verdict.checks().stream().filter(check -> check.result() == Check.Result.FAILED).count();
        return switch (verdict) {
            case Verdict.Tdx tdx -> verdict.good() ? "GOOD" : "REFUSED: " + failed + " of " + verdict.checks().size()
                    + " checks failed";
            case Verdict.Mock mock -> verdict.good() ? "ACCEPTED AS MOCK ONLY, because the policy allows it. " + MOCK
                    : "REFUSED: " + failed + " of " + verdict.checks().size() + " checks failed. " + MOCK;
        };
    }
}
