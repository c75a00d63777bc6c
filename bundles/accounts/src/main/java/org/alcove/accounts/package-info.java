/**
 * Knows the people who run the platform: their accounts, sessions and deeds.
 */
@Export
@Version("1.0.0")
package org.alcove.accounts;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
