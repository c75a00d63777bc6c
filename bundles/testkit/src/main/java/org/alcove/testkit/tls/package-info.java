/**
 * Certificates for tests of connections.
 */
@Export
@Version("1.0.0")
package org.alcove.testkit.tls;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
