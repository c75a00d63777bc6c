/** How fast a model is computed here, and how much of what the machine can do at best that is. */
package org.alcove.evaluation.bench;
