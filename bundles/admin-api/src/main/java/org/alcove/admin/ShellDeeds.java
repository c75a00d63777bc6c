package org.alcove.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.alcove.accounts.AccountException;
import org.alcove.accounts.Audit;

/** Does what is ordered in the framework's shell, and writes down who did what with which outcome. */
record ShellDeeds(Audit audit) {

    /** By whom, as the audit and others who ask are told. */
    static final String WHO = "the shell";

    /** What an order does; returns what to print. */
    interface Deed {
        String perform() throws IOException;
    }

    /**
     * Performs a deed.
     *
     * @return what it tells, or why it was refused or failed
     */
    String perform(String what, String subject, String detail, Deed deed) {
        String outcome = "failed";
        String told = "";
        try {
            told = deed.perform();
            outcome = "done";
        } catch (AdminException refused) {
            outcome = refused.outcome();
            told = refused.getMessage();
        } catch (AccountException refused) {
            outcome = AccountRefusals.of(refused).outcome();
            told = refused.getMessage();
        } catch (IOException e) {
            told = e.toString();
        } finally {
            told += note(what, subject, detail, outcome);
        }
        return told;
    }

    /** What is to be said beside, where it cannot be written down. */
    private String note(String what, String subject, String detail, String outcome) {
        try {
            audit.record(WHO, "shell", what, subject, detail, outcome);
            return "";
        } catch (UncheckedIOException unwritten) {
            return outcome.equals("done") ? "\n" + unwritten.getMessage() : "";
        }
    }

    /** A number that somebody typed. */
    static long number(String text, long least, long most, String what) {
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // told below, with the same words as a number out of range
        }
        throw AdminException.invalid(what + " must be a whole number from " + least + " to " + most + ", not " + text);
    }
}
