/**
 * Offers the workers of verified servers to this process, and tells people what was found.
 */
package org.alcove.connect.offer;
