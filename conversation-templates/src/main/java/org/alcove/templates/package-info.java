/**
 * Prompt formats of model families, as data files, and the model's own.
 */
package org.alcove.templates;
