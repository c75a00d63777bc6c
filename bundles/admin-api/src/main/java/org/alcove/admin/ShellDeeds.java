package org.alcove.admin;

import java.io.IOException;
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
        try {
            String told = deed.perform();
            outcome = "done";
            return told;
        } catch (AdminException | AccountException refused) {
            outcome = "refused";
            return refused.getMessage();
        } catch (IOException e) {
            return e.toString();
        } finally {
            audit.record(WHO, "shell", what, subject, detail, outcome);
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
