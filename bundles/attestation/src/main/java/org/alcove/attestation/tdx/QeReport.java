package org.alcove.attestation.tdx;

import org.alcove.attestation.AttestationException;

/**
 * The SGX report of the quoting enclave, 384 bytes: CPUSVN 16, MISCSELECT 4, reserved 28, ATTRIBUTES 16, MRENCLAVE 32, reserved
 * 32, MRSIGNER 32, reserved 96, ISVPRODID 2, ISVSVN 2, reserved 60, REPORTDATA 64.
 *
 * @param bytes the whole report, which the platform's key signs
 * @param misc MISCSELECT, 4 bytes
 * @param attributes 16 bytes
 * @param signer MRSIGNER, 32 bytes
 * @param product ISVPRODID
 * @param svn ISVSVN
 * @param data REPORTDATA, 64 bytes
 */
record QeReport(byte[] bytes, byte[] misc, byte[] attributes, byte[] signer, int product, int svn, byte[] data) {
    static final int SIZE = 384;

    static QeReport parse(byte[] bytes) throws AttestationException {
        ByteCursor report = new ByteCursor(bytes, "QE report");
        report.skip(16, "CPUSVN");
        byte[] misc = report.take(4, "MISCSELECT");
        report.skip(28, "reserved");
        byte[] attributes = report.take(16, "ATTRIBUTES");
        report.skip(64, "MRENCLAVE");
        byte[] signer = report.take(32, "MRSIGNER");
        report.skip(96, "reserved");
        int product = report.u16("ISVPRODID");
        int svn = report.u16("ISVSVN");
        report.skip(60, "reserved");
        byte[] data = report.take(64, "REPORTDATA");
        report.finished();
        return new QeReport(bytes, misc, attributes, signer, product, svn, data);
    }
}
