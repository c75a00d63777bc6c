/**
 * Starts the framework with the bundles of the distribution.
 */
package org.alcove.launcher;
