/**
 * Multiplies the formats every model file needs: F32, F16, BF16, Q8_0, and the K-quants found inside common int4 files.
 */
package org.alcove.kernel.base;
