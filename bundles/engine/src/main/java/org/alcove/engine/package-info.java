/**
 * Turns token ids into next token ids, many sequences at a time.
 */
@Export
@Version("1.5.0")
package org.alcove.engine;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
