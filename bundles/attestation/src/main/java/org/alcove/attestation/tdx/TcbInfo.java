package org.alcove.attestation.tdx;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.TcbStatus;
import org.alcove.attestation.json.StrictJson;

/**
 * Intel's table of security versions for one kind of platform, id TDX, version 3.
 *
 * @param dates when the table is in force
 * @param fmspc kind of platform, lower-case hex
 * @param pceId lower-case hex
 * @param evaluation {@code tcbEvaluationDataNumber}
 * @param first what a TDX module of generation 0 must be
 * @param modules what modules of later generations must be, by id
 * @param levels best first
 */
record TcbInfo(Dates dates, String fmspc, String pceId, int evaluation, Module first, List<Module> modules, List<Level> levels) {
    private static final int MOST = 1_000;
    private static final int VERSION = 3;
    private static final int WORD = 0xffff;

    /** When a document is in force. */
    record Dates(Instant issued, Instant nextUpdate) {
        static Dates parse(StrictJson json) throws AttestationException {
            return new Dates(json.instant("issueDate"), json.instant("nextUpdate"));
        }

        boolean holdAt(Instant at) {
            return !at.isBefore(issued) && !at.isAfter(nextUpdate);
        }

        String found() {
            return "issued " + issued + ", next update " + nextUpdate;
        }
    }

    /** A verdict of Intel's on some versions. */
    record Judgement(TcbStatus status, List<String> advisories) {
        static Judgement parse(StrictJson json) throws AttestationException {
            String text = json.text("tcbStatus");
            TcbStatus status = TcbStatus.of(text).orElseThrow(() -> new AttestationException("the TCB status \"" + text
                    + "\" is not known"));
            return new Judgement(status, json.has("advisoryIDs") ? List.copyOf(json.texts("advisoryIDs", MOST)) : List.of());
        }
    }

    /** A row for single versions, those of a TDX module or of the quoting enclave. */
    record SvnLevel(int svn, Judgement judgement) {
        static List<SvnLevel> parse(StrictJson json) throws AttestationException {
            List<SvnLevel> levels = new ArrayList<>();
            for (StrictJson level : json.objects("tcbLevels", MOST)) {
                levels.add(new SvnLevel(level.object("tcb").number("isvsvn", WORD), Judgement.parse(level)));
            }
            return List.copyOf(levels);
        }

        /** The first row that a version reaches, or null. */
        static Judgement reached(List<SvnLevel> levels, int svn) {
            return levels.stream().filter(level -> svn >= level.svn).map(SvnLevel::judgement).findFirst().orElse(null);
        }
    }

    /** A TDX module. */
    record Module(String id, byte[] signer, byte[] attributes, byte[] mask, List<SvnLevel> levels) {
        static Module parse(StrictJson json, String id, List<SvnLevel> levels) throws AttestationException {
            return new Module(id, json.hex("mrsigner", 48), json.hex("attributes", 8), json.hex("attributesMask", 8), levels);
        }
    }

    /** A row of the platform's table. */
    record Level(int[] sgx, int pceSvn, int[] tdx, Judgement judgement) {
        static Level parse(StrictJson json) throws AttestationException {
            StrictJson tcb = json.object("tcb");
            return new Level(versions(tcb, "sgxtcbcomponents"), tcb.number("pcesvn", WORD), versions(tcb, "tdxtcbcomponents"),
                    Judgement.parse(json));
        }

        private static int[] versions(StrictJson tcb, String name) throws AttestationException {
            List<StrictJson> components = tcb.objects(name, PckIdentity.COMPONENTS);
            if (components.size() != PckIdentity.COMPONENTS) {
                throw new AttestationException(name + " has " + components.size() + " components, expected "
                        + PckIdentity.COMPONENTS);
            }
            int[] versions = new int[PckIdentity.COMPONENTS];
            for (int i = 0; i < versions.length; i++) {
                versions[i] = components.get(i).number("svn", WORD);
            }
            return versions;
        }
    }

    static TcbInfo parse(byte[] json) throws AttestationException {
        StrictJson info = StrictJson.parse(json, "tcbInfo");
        String id = info.text("id");
        int version = info.number("version", WORD);
        int type = info.number("tcbType", WORD);
        if (!id.equals("TDX") || version != VERSION || type != 0) {
            throw new AttestationException("tcbInfo has id " + id + ", version " + version + " and type " + type
                    + ", expected TDX, 3 and 0; fetch the collateral for TDX");
        }
        List<Module> modules = new ArrayList<>();
        if (info.has("tdxModuleIdentities")) {
            for (StrictJson module : info.objects("tdxModuleIdentities", MOST)) {
                modules.add(Module.parse(module, module.text("id"), SvnLevel.parse(module)));
            }
        }
        List<Level> levels = new ArrayList<>();
        for (StrictJson level : info.objects("tcbLevels", MOST)) {
            levels.add(Level.parse(level));
        }
        return new TcbInfo(Dates.parse(info), info.text("fmspc").toLowerCase(Locale.ROOT),
                info.text("pceId").toLowerCase(Locale.ROOT), info.number("tcbEvaluationDataNumber", Integer.MAX_VALUE),
                Module.parse(info.object("tdxModule"), "TDX", List.of()), List.copyOf(modules), List.copyOf(levels));
    }
}
