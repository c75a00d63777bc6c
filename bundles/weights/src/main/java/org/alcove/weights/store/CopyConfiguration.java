package org.alcove.weights.store;

import org.alcove.configuration.GivenValues;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Configuration {@code org.alcove.weights.copies}, read by {@link GivenValues}. */
@ObjectClassDefinition(name = "Alcove interleaved copies",
        description = "Copies of weights with rows side by side, by which native kernels multiply faster.")
public @interface CopyConfiguration {

    /** Property {@code interleaved_copy}. */
    @AttributeDefinition(name = "Interleaved copy", options = {@Option("auto"), @Option("off")},
            description = "auto: made in the background where a kernel prefers it, the weights are large and memory suffices.")
    String interleaved__copy() default "auto";

    /** Property {@code folder}. */
    @AttributeDefinition(name = "Folder", required = false,
            description = "Where copies are kept and shared by all processes of one account; empty: where the launcher says.")
    String folder() default "";

    /** Property {@code folder_max_gb}. */
    @AttributeDefinition(name = "Size of the folder [GB]", min = "0",
            description = "The copies used longest ago make room for new ones.")
    int folder__max__gb() default 64;

    /** Property {@code memory_max_gb}. */
    @AttributeDefinition(name = "Memory [GB]", min = "0",
            description = "A copy of up to this size is kept in memory where the folder cannot be written; 0: none is.")
    int memory__max__gb() default 0;

    /** Property {@code model_min_mb}. */
    @AttributeDefinition(name = "Smallest copy [MB]", min = "0",
            description = "Weights of fewer bytes are not copied: they stay in the processor's caches anyway.")
    int model__min__mb() default 64;
}
