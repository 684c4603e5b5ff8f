/**
 * How values that change flow downstream: the present value first, then each change.
 *
 * <p>Registries, configuration and the kernel implement {@link dev.tenon.spi.stream.Source}, mostly by
 * a {@link dev.tenon.spi.stream.Cell}; every stage of the control plane subscribes. Start at {@code
 * Source}.
 */
@NullMarked
@Version("1.0.0")
package dev.tenon.spi.stream;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
