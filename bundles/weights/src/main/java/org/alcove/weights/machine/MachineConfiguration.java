package org.alcove.weights.machine;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration {@code org.alcove.weights.machine}. */
@ObjectClassDefinition(name = "Alcove machine features", description = "Which machine features kernels may use.")
public @interface MachineConfiguration {

    /** Property {@code cpu.disabled}. */
    @AttributeDefinition(name = "Disabled features", required = false,
            description = "Features to withdraw, for example cpu.avx512vnni or jvm.vector. Takes effect at once.")
    String[] cpu_disabled() default {};
}
