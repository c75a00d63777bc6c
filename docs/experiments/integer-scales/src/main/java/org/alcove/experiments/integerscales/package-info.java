/** Packs weights with integer scales of groups below one binary16 scale of 256, beside plain groups, and says what each loses. */
package org.alcove.experiments.integerscales;
