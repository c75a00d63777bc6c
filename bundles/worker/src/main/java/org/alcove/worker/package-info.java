/**
 * Serves models: template, tokenizer, engine, text.
 */
package org.alcove.worker;
