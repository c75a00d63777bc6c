package org.alcove.weights;

import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.RowRange;
import org.osgi.annotation.versioning.ProviderType;

/** A handle on one matrix of {@link Weights}; multiplied by through a {@link KernelLease}. */
@ProviderType
public interface WeightMatrix {

    /** Name of the tensor. */
    String name();

    /** Rows (outputs) by columns (inputs). */
    MatrixShape shape();

    /** Format, for example {@code sym_int4}. */
    String format();

    /** Some of its rows as a matrix of their own, for tensors that hold several matrices one below the other. */
    WeightMatrix rows(RowRange rows);
}
