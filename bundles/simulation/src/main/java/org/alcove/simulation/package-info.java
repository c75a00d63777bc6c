/**
 * Runs the installed scheduling policies on made-up workers and a clock of its own ({@code docs/scale.md}). The policies are the
 * services that serve; nothing here knows one of them by name.
 */
package org.alcove.simulation;
