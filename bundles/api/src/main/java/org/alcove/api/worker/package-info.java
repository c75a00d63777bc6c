/**
 * Requests, the workers that serve them, and the events of an answer.
 */
@Export
@Version("1.5.0")
package org.alcove.api.worker;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
