/**
 * The promises every scheduling policy must keep.
 */
@Export
@Version("1.0.0")
package org.alcove.testkit.scheduling;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
