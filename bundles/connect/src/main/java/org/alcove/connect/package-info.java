/**
 * Verifies servers elsewhere, then seals requests to their workers. For programs of any kind: it needs no OSGi.
 */
@Export
@Version("1.0.0")
package org.alcove.connect;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
