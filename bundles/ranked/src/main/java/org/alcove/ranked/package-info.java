/**
 * Keeps services of one kind by name, the best ranked first. Not exported: it is copied into the bundles that need it.
 */
package org.alcove.ranked;
