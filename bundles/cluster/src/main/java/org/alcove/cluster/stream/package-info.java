/** Writes an answer in our own frames while it comes, with signs of life where nothing comes. */
package org.alcove.cluster.stream;
