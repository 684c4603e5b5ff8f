/** Tests of values that change. */
@NullMarked
package dev.tenon.spi.stream;

import org.jspecify.annotations.NullMarked;
