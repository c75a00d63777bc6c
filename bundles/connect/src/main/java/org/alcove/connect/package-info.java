/**
 * Verifies the workers of a server elsewhere, then seals requests to them, as workers of this process.
 */
package org.alcove.connect;
