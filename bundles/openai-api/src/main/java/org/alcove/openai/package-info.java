/**
 * Speaks the OpenAI REST protocol.
 */
package org.alcove.openai;
