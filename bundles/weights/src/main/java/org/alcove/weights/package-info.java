/**
 * Owns weight files: reads checkpoints, packs them with a kernel, maps packed files, multiplies by them.
 */
@Export
@Version("1.5.0")
package org.alcove.weights;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
