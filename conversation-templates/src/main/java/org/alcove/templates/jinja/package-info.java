/**
 * The model's own template: Jinja as chat templates use it, rendered by jinjava. The library parses and walks the template; what
 * an expression may touch, and what it costs, is decided here.
 */
package org.alcove.templates.jinja;
