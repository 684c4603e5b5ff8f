/**
 * Listening sockets and event loops on loan: they belong to the kernel and outlive the code that uses them.
 *
 * <p>The kernel implements, the proxy borrows. Start at {@link dev.tenon.spi.ports.Ports}.
 */
@NullMarked
@Version("1.0.0")
package dev.tenon.spi.ports;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
