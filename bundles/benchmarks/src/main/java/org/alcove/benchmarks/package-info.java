/** Times single kernels, attention and the quantization of activations by JMH. */
package org.alcove.benchmarks;
