/**
 * Draws figures as charts in SVG: {@link org.alcove.plot.LineChart} and {@link org.alcove.plot.BarChart}. The same figures give
 * the same bytes on every machine, no font and no display is asked for. Bundles embed this package at build time; none exports
 * it.
 */
package org.alcove.plot;
