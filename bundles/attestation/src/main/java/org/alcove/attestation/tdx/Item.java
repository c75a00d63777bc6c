package org.alcove.attestation.tdx;

/**
 * The lines of a verdict, in the order in which they rest on each other; the fields of the report follow under their own
 * names.
 */
enum Item {
    REAL("real evidence"),
    POLICY("policy in force"),
    STRUCTURE("quote structure"),
    TAIL("bytes behind the quote"),
    PCK_CHAIN("PCK chain"),
    ROOT("PCK root"),
    PCK_IDENTITY("platform identity"),
    ROOT_CRL("root CRL"),
    PCK_CRL("PCK CRL"),
    CA_STANDING("PCK issuer not revoked"),
    PCK_STANDING("PCK certificate not revoked"),
    QE_SIGNATURE("QE report signature"),
    QE_BINDING("attestation key bound by the QE"),
    SIGNATURE("quote signature"),
    TCB_SIGNER("TCB info signer"),
    TCB_SIGNATURE("TCB info signature"),
    TCB_CONTENT("TCB info content"),
    TCB_DATES("TCB info in force"),
    TCB_EVALUATION("TCB info evaluation number"),
    TCB_PLATFORM("TCB info of this platform"),
    QE_SIGNER("QE identity signer"),
    QE_ID_SIGNATURE("QE identity signature"),
    QE_CONTENT("QE identity content"),
    QE_DATES("QE identity in force"),
    QE_EVALUATION("QE identity evaluation number"),
    QE_IDENTITY("QE identity"),
    MODULE("TDX module identity"),
    PLATFORM_LEVEL("platform TCB level"),
    MODULE_LEVEL("TDX module TCB level"),
    QE_LEVEL("QE TCB level"),
    TCB("TCB status"),
    ADVISORIES("advisories"),
    DEBUG("debug off"),
    ATTRIBUTES("known attributes"),
    SEPT_VE("SEPT_VE_DISABLE set"),
    EVENT_LOG("event log"),
    BUNDLES("bundles that run"),
    MEASURED("bundles in the event log");

    private final String text;

    Item(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
