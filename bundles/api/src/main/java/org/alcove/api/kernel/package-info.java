/**
 * What a quantization kernel promises, and the shapes and layouts it is handed.
 */
@Export
@Version("1.1.0")
package org.alcove.api.kernel;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
