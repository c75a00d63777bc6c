/**
 * Judges evidence of where a process runs.
 */
@Export
@Version("1.3.0")
package org.alcove.attestation;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
