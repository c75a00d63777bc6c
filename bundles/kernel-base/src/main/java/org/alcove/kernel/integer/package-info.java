/**
 * Arithmetic of the integer formats: int8 activations, exact sums per group, one chain of fused multiply-adds
 * ({@code docs/numerics.md}, section 1). Kernel bundles embed this package at build time; none exports it.
 */
package org.alcove.kernel.integer;
