package org.alcove.evidence;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Whether and how this process shows where it runs. */
@ObjectClassDefinition(id = "org.alcove.evidence", name = "Evidence",
        description = "Whether and how this process shows where it runs")
@interface EvidenceConfiguration {

    /** Where quotes come from. */
    @AttributeDefinition(description = "none, tsm (the kernel's configfs-tsm), agent (of confidential containers), or mock, which"
            + " proves nothing")
    String source() default "none";

    /** Where the kernel makes reports. */
    @AttributeDefinition(description = "Folder in which the kernel makes reports")
    String tsm__folder() default "/sys/kernel/config/tsm/report";

    /** The log behind the run-time measurements. */
    @AttributeDefinition(description = "The log behind the run-time measurements; left out where it cannot be read")
    String event__log__file() default "/sys/firmware/acpi/tables/data/CCEL";

    /** The attestation agent. */
    @AttributeDefinition(description = "Where the attestation agent answers")
    String agent() default "http://127.0.0.1:8006";

    /** Certificate of this process. */
    @AttributeDefinition(description = "PKCS#12 file with the certificate this process shows; empty where it speaks no TLS")
    String keystore__file() default "";

    /** Its password. */
    @AttributeDefinition(description = "Password of that file")
    String keystore__password() default "";

    /** Digests of the images this process was started from. */
    @AttributeDefinition(description = "Digests of the images this process was started from, as sha256:…, to be listed beside"
            + " the evidence")
    String[] image__digests() default {};
}
