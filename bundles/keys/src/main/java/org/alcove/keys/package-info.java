/**
 * Reads keys from a file and tells whose key is presented. Not exported: it is copied into the bundles that need it.
 */
package org.alcove.keys;
