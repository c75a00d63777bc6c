/**
 * Reads keys from a file, knows those that were made on the server, and tells whose key is presented. Not exported: it is copied
 * into the bundles that need it.
 */
package org.alcove.keys;
