/** Seals models, and opens sealed ones in memory; docs/sealed-models.md specifies the bytes. */
package org.alcove.weights.sealed;
