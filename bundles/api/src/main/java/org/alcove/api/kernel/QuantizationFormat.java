package org.alcove.api.kernel;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Announces the formats a {@link QuantizationKernel} component serves, as the service property
 * {@value #PROPERTY}. Among the kernels of a format the highest {@code service.ranking} that knows the layout wins:
 * Reference 0, Vector 100, native tiers from 200.
 */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface QuantizationFormat {

    /** Prefix of the property made from this annotation. */
    String PREFIX_ = "alcove.";

    /** Service property: names of formats (String+). */
    String PROPERTY = "alcove.quantization.format";

    /** Service property: the kind of implementation, for people: {@code reference}, {@code vector}, {@code avx512-vnni} … */
    String TIER = "alcove.tier";

    /** Names of the formats, for example {@code sym_int4}. */
    String[] value();
}
