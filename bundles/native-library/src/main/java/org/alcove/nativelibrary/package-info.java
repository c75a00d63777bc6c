/**
 * Opens the native library a bundle carries, for as long as a component lives, and tells what the processor can do. Not exported:
 * it is copied into the bundles that need it.
 */
package org.alcove.nativelibrary;
