/**
 * Opens the native library a bundle carries, for as long as a component lives, tells what the processor can do, and takes memory
 * from the system itself. Not exported: it is copied into the bundles that need it.
 */
package org.alcove.nativelibrary;
