/**
 * Says what the processor and the virtual machine can do, as conditions that kernels wait for.
 */
package org.alcove.weights.machine;
