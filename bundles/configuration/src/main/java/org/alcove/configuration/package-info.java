/**
 * Reads the values of a configuration, and says what is wrong with one. Not exported: it is copied into the bundles that need it.
 */
package org.alcove.configuration;
