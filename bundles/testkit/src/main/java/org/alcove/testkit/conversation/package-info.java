/**
 * The promises every conversation template must keep.
 */
@Export
@Version("1.0.0")
package org.alcove.testkit.conversation;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
