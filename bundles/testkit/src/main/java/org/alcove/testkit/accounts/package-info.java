/**
 * Stand-ins for the rooms of accounts and keys, for tests of front ends.
 */
@Export
@Version("1.0.0")
package org.alcove.testkit.accounts;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
