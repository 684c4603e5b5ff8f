/** The values of instances on the wire. Start at {@link dev.tenon.wire.value.Words}. */
package dev.tenon.wire.value;
