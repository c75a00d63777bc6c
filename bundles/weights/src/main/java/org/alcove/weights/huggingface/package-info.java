/**
 * Reads Hugging Face folders and says what they say in GGUF's words.
 */
package org.alcove.weights.huggingface;
