/**
 * Knows the people who run the platform: their accounts, sessions and deeds, and the keys they hand out.
 */
@Export
@Version("1.2.0")
package org.alcove.accounts;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
