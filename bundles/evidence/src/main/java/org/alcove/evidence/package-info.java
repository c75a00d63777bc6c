/**
 * Shows where this process runs, and opens what clients have sealed to it.
 */
package org.alcove.evidence;
