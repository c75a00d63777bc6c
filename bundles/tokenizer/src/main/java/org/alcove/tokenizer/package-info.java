/**
 * Turns text into token ids and back.
 */
@Export
@Version("1.0.0")
package org.alcove.tokenizer;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
