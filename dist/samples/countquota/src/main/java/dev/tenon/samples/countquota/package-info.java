/** A quota adapter written against spi alone: fixed windows, counted in memory. */
@NullMarked
package dev.tenon.samples.countquota;

import org.jspecify.annotations.NullMarked;
