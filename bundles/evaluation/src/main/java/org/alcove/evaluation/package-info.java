/** Measures a model: perplexity, divergence from a reference, and choice tasks. */
package org.alcove.evaluation;
