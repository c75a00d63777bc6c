package org.alcove.attestation.tdx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.alcove.attestation.Check;
import org.alcove.attestation.Policy;
import org.alcove.attestation.TcbStatus;
import org.alcove.attestation.tdx.TcbInfo.Judgement;

/**
 * How current the platform is. Its table gives a level by the versions in the PCK certificate and in TEE_TCB_SVN; the TDX module,
 * from generation 1 on, has a table of its own, and so has the quoting enclave. The whole is as good as its worst part.
 */
final class TcbRules {
    /** TEE_TCB_SVN: the module's version, its generation, then others. */
    private static final int MODULE_SVN = 0;
    private static final int GENERATION = 1;

    private final TdReport report;
    private final PckIdentity platform;
    private final TcbInfo info;
    private final Ledger ledger;

    TcbRules(TdReport report, PckIdentity platform, TcbInfo info, Ledger ledger) {
        this.report = report;
        this.platform = platform;
        this.info = info;
        this.ledger = ledger;
    }

    /** The worst of all parts, or empty where a part has no level at all. */
    Optional<Judgement> judge(QeIdentity identity, QeReport qe, Policy policy) {
        Optional<TcbInfo.Module> module = module();
        Optional<Judgement> level = level(report.launchSvn());
        level(Item.PLATFORM_LEVEL, level, "a level reached by " + HexFormat.of().formatHex(report.launchSvn()) + " and "
                + platform.found(), "none of " + info.levels().size() + " levels is reached: this platform is not supported");
        Optional<Judgement> moduleLevel = moduleLevel(report.launchSvn());
        level(Item.MODULE_LEVEL, moduleLevel, "a level of module " + id(report.launchSvn()), "version "
                + (report.launchSvn()[MODULE_SVN] & 0xff) + " reaches none");
        Optional<Judgement> qeLevel = Optional.ofNullable(TcbInfo.SvnLevel.reached(identity.levels(), qe.svn()));
        level(Item.QE_LEVEL, qeLevel, "a level of the quoting enclave", "version " + qe.svn() + " reaches none");
        if (module.isEmpty() || level.isEmpty() || moduleLevel.isEmpty() || qeLevel.isEmpty()) {
            return Optional.empty();
        }
        Judgement merged = merge(relaunch(merge(level.get(), moduleLevel.get())), qeLevel.get());
        ledger.line(Item.TCB, "one of " + policy.acceptedTcb().stream().sorted().map(TcbStatus::text).toList(),
                merged.status().text(), policy.acceptedTcb().contains(merged.status()));
        advisories(merged.advisories(), policy);
        return Optional.of(merged);
    }

    private Optional<TcbInfo.Module> module() {
        Optional<TcbInfo.Module> module = module(report.launchSvn());
        String found = "MRSIGNERSEAM " + HexFormat.of().formatHex(report.signerSeam()) + ", SEAMATTRIBUTES "
                + HexFormat.of().formatHex(report.seamAttributes());
        if (module.isEmpty()) {
            ledger.line(Item.MODULE, "a module " + id(report.launchSvn()) + " in the TCB info", "none", false);
            return module;
        }
        boolean fits = Arrays.equals(module.get().signer(), report.signerSeam())
                && QeIdentity.masked(report.seamAttributes(), module.get().mask(), module.get().attributes());
        ledger.line(Item.MODULE, "MRSIGNERSEAM " + HexFormat.of().formatHex(module.get().signer()) + ", SEAMATTRIBUTES "
                + HexFormat.of().formatHex(module.get().attributes()), found, fits);
        return fits ? module : Optional.empty();
    }

    private Optional<TcbInfo.Module> module(byte[] svn) {
        if (svn[GENERATION] == 0) {
            return Optional.of(info.first());
        }
        return info.modules().stream().filter(module -> module.id().equals(id(svn))).findFirst();
    }

    private static String id(byte[] svn) {
        return svn[GENERATION] == 0 ? "TDX" : String.format(Locale.ROOT, "TDX_%02X", svn[GENERATION] & 0xff);
    }

    private Optional<Judgement> level(byte[] svn) {
        return info.levels().stream().filter(level -> reaches(svn, level)).map(TcbInfo.Level::judgement).findFirst();
    }

    private boolean reaches(byte[] svn, TcbInfo.Level level) {
        // A later generation counts its versions anew, so the platform's table speaks of them only from index 2 on.
        int first = svn[GENERATION] == 0 ? 0 : 2;
        for (int i = 0; i < PckIdentity.COMPONENTS; i++) {
            if (platform.components()[i] < level.sgx()[i] || i >= first && (svn[i] & 0xff) < level.tdx()[i]) {
                return false;
            }
        }
        return platform.pceSvn() >= level.pceSvn();
    }

    /** Generation 0 has no table: the platform's levels include it. */
    private Optional<Judgement> moduleLevel(byte[] svn) {
        if (svn[GENERATION] == 0) {
            return Optional.of(new Judgement(TcbStatus.UP_TO_DATE, List.of()));
        }
        return module(svn).map(module -> TcbInfo.SvnLevel.reached(module.levels(), svn[MODULE_SVN] & 0xff));
    }

    /** Out of date at launch, current by now: the TDX module was updated below the running machine. */
    private Judgement relaunch(Judgement launch) {
        boolean outOfDate = launch.status() == TcbStatus.OUT_OF_DATE
                || launch.status() == TcbStatus.OUT_OF_DATE_CONFIGURATION_NEEDED;
        if (!outOfDate || report.currentSvn() == null) {
            return launch;
        }
        Optional<Judgement> level = level(report.currentSvn());
        Optional<Judgement> module = moduleLevel(report.currentSvn());
        if (level.isEmpty() || module.isEmpty()) {
            return launch;
        }
        Judgement now = merge(level.get(), module.get());
        return switch (now.status()) {
            case UP_TO_DATE -> new Judgement(TcbStatus.TD_RELAUNCH_ADVISED, launch.advisories());
            case CONFIGURATION_NEEDED -> new Judgement(TcbStatus.TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED, launch.advisories());
            default -> launch;
        };
    }

    static Judgement merge(Judgement one, Judgement other) {
        Set<String> advisories = new LinkedHashSet<>(one.advisories());
        advisories.addAll(other.advisories());
        TcbStatus better = one.status().compareTo(other.status()) <= 0 ? one.status() : other.status();
        TcbStatus worse = better == one.status() ? other.status() : one.status();
        return new Judgement(worst(better, worse), new ArrayList<>(advisories));
    }

    /** The worse of two, unless a word says both. */
    private static TcbStatus worst(TcbStatus better, TcbStatus worse) {
        boolean configuration = better == TcbStatus.CONFIGURATION_NEEDED
                || better == TcbStatus.CONFIGURATION_AND_SW_HARDENING_NEEDED
                || better == TcbStatus.TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED;
        return switch (worse) {
            case CONFIGURATION_NEEDED -> better == TcbStatus.SW_HARDENING_NEEDED
                    ? TcbStatus.CONFIGURATION_AND_SW_HARDENING_NEEDED : worse;
            case TD_RELAUNCH_ADVISED -> configuration ? TcbStatus.TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED : worse;
            case OUT_OF_DATE -> configuration ? TcbStatus.OUT_OF_DATE_CONFIGURATION_NEEDED : worse;
            default -> worse;
        };
    }

    private void level(Item item, Optional<Judgement> level, String expected, String none) {
        ledger.line(item, expected, level.map(judgement -> judgement.status().text()).orElse(none), level.isPresent());
    }

    private void advisories(List<String> advisories, Policy policy) {
        if (advisories.isEmpty()) {
            ledger.line(Item.ADVISORIES, "none", "none", true);
        } else if (policy.acceptedAdvisories().isEmpty()) {
            ledger.warn(Item.ADVISORIES, "none, or a policy that names those it accepts", String.join(" ", advisories));
        } else {
            boolean accepted = policy.acceptedAdvisories().get().containsAll(advisories);
            ledger.add(new Check(Item.ADVISORIES.text(), "only " + policy.acceptedAdvisories().get().stream().sorted().toList(),
                    String.join(" ", advisories), accepted ? Check.Result.WARNED : Check.Result.FAILED));
        }
    }
}
