/** Processes of a mesh, started, watched and called from outside: what the demo and the trainer share. */
@NullMarked
package dev.tenon.cli.process;

import org.jspecify.annotations.NullMarked;
