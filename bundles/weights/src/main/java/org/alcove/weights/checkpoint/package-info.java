/**
 * What the files of a model say, checked and container-neutral; nothing here keeps a file open.
 */
package org.alcove.weights.checkpoint;
