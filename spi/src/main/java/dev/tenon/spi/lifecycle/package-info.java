/**
 * A module's life: start, ready, warm, drain, close, and what the kernel gives it meanwhile.
 *
 * <p>Every bundle implements {@link dev.tenon.spi.lifecycle.Module}; the kernel calls it. Start there.
 */
@NullMarked
@Version("1.0.0")
package dev.tenon.spi.lifecycle;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
