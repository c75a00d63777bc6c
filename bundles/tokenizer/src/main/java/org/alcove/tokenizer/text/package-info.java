/**
 * Reads the tokenizers of model files, and cuts, merges and spells as they say.
 */
package org.alcove.tokenizer.text;
