/**
 * What front ends and tools call: the controller, the models, the quantizer, and the commands of the shell.
 */
@Export
@Version("1.5.0")
package org.alcove.api.control;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
