/**
 * Reads keys from a file, knows those that were made on the server, tells whose key is presented, and who may come in where none
 * is asked for. Not exported: it is copied into the bundles that need it.
 */
package org.alcove.keys;
