/** Who makes a call on the mesh port, as the kernel found out. Start at {@link dev.tenon.wire.peer.Peers}. */
package dev.tenon.wire.peer;
