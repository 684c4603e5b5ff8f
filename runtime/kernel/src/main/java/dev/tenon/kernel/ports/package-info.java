/**
 * Owns listening sockets, event loops and warm connections, and lends them. Start at {@link
 * dev.tenon.kernel.ports.Doors}.
 */
@NullMarked
package dev.tenon.kernel.ports;

import org.jspecify.annotations.NullMarked;
