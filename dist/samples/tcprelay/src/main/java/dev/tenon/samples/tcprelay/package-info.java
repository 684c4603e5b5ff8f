/** Relays raw TCP. Start at {@link dev.tenon.samples.tcprelay.TcpRelay}. */
@NullMarked
package dev.tenon.samples.tcprelay;

import org.jspecify.annotations.NullMarked;
