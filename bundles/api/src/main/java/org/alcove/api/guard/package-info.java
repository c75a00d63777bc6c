/**
 * What a guard promises: it looks at requests before they are served and at answers while they are written, and may say no.
 */
@Export
@Version("1.0.0")
package org.alcove.api.guard;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
