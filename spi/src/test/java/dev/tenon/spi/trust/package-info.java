/** Tests of what both ends of a proof need. */
@NullMarked
package dev.tenon.spi.trust;

import org.jspecify.annotations.NullMarked;
