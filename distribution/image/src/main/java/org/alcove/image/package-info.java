/**
 * Puts the distribution into an OCI image without a container engine: a Java runtime of the modules it needs, the few files of
 * Debian's C library that the runtime needs, and the bundles. The same inputs give the same image, to the byte.
 */
package org.alcove.image;
