/**
 * What a conversation template promises: it turns messages into the prompt format of a model family.
 */
@Export
@Version("1.0.0")
package org.alcove.api.conversation;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
