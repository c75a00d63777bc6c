/**
 * What every quantization kernel must keep, as tests: extend {@link org.alcove.testkit.kernel.KernelContract}.
 */
@Export
@Version("1.0.0")
package org.alcove.testkit.kernel;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
