/**
 * Listening sockets and event loops on loan: they belong to the kernel and outlive the code that uses them.
 *
 * <p>The kernel implements, the proxy borrows. Start at {@link dev.tenon.spi.ports.Ports}.
 *
 * <p>SPI version: 1.0
 */
@NullMarked
package dev.tenon.spi.ports;

import org.jspecify.annotations.NullMarked;
