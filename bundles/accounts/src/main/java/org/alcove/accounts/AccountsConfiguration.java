package org.alcove.accounts;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the PID {@code org.alcove.accounts}. Without it nobody can sign in. */
@ObjectClassDefinition(name = "Alcove accounts", description = "The people who run the server: accounts and sessions.")
@interface AccountsConfiguration {

    /** Where accounts and the audit are kept. */
    @AttributeDefinition(name = "Data folder", description = "Folder of the server's own files; accounts lie in admin.")
    String data__folder();

    /** Whether cookies must not travel in the clear. */
    @AttributeDefinition(name = "Behind a TLS proxy", description = "Whether a proxy in front speaks TLS; then cookies are"
            + " marked Secure although this server sees plain HTTP.")
    boolean behind__tls__proxy() default false;

    /** When an unused session ends. */
    @AttributeDefinition(name = "Minutes until an unused session ends", min = "1")
    int idle__minutes() default 30;

    /** When any session ends. */
    @AttributeDefinition(name = "Hours until a session ends", min = "1")
    int session__hours() default 12;
}
