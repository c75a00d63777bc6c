/**
 * Ties the framework to the process it runs in: its command line and its log.
 */
package org.alcove.shell;
