/** Puts load on a server and measures how it answers: {@code ./alcove load}. */
package org.alcove.load;
