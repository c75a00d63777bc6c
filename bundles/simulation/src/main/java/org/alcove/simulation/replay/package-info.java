/**
 * What would have come of recorded requests under each installed policy.
 */
@Export
@Version("1.0.0")
package org.alcove.simulation.replay;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
