/**
 * A module's life: start, ready, warm, drain, close, and what the kernel gives it meanwhile.
 *
 * <p>Every bundle implements {@link dev.tenon.spi.lifecycle.Module}; the kernel calls it. Start there.
 *
 * <p>SPI version: 1.0
 */
@NullMarked
package dev.tenon.spi.lifecycle;

import org.jspecify.annotations.NullMarked;
