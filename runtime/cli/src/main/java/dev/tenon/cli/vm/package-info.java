/** {@code tenon vm}: hosts that join the mesh from machines of their own. Start at {@link dev.tenon.cli.vm.VmCommand}. */
@NullMarked
package dev.tenon.cli.vm;

import org.jspecify.annotations.NullMarked;
