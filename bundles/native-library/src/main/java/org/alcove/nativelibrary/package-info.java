/**
 * Opens the native library a bundle carries, for as long as a component lives. Not exported: it is copied into the bundles that
 * need it.
 */
package org.alcove.nativelibrary;
