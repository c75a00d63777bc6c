/**
 * The promises every guard must keep.
 */
@Export
@Version("1.0.0")
package org.alcove.testkit.guard;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
