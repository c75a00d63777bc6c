/**
 * What stands behind a verb of the command line: words, flags with a value, flags without. A copy of it travels inside every
 * bundle that has verbs, so no bundle exports it.
 */
package org.alcove.commandline;
