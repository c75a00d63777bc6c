package org.alcove.admin;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the PID {@code org.alcove.admin}. Without it there is no {@code /admin/api}. */
@ObjectClassDefinition(name = "Alcove admin API", description = "The REST protocol of those who run the server, /admin/api.")
@interface AdminConfiguration {

    /** Where the keys are. */
    @AttributeDefinition(name = "Admin keys file", required = false, description = "File with one key per line, name:key or"
            + " name:sha256:HEX. Read again when it changes. Empty: this machine may ask, where no other can reach the server.")
    String admin__keys__file() default "";

    /** Whether other machines can reach the server. */
    @AttributeDefinition(name = "Reachable from elsewhere", description = "Whether the server listens where other machines can"
            + " reach it, by itself or through a proxy. Then nobody is let in without a key.")
    boolean reachable__from__elsewhere() default true;
}
