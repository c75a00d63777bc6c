/**
 * What a scheduling policy promises: it chooses the worker that serves a request.
 */
@Export
@Version("1.0.0")
package org.alcove.api.scheduling;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
