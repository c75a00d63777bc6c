/**
 * Shows the pages people run the platform from.
 */
package org.alcove.console;
