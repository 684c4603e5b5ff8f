/**
 * The control plane: gather → join → scope → translate → serve, each a package, each importing only
 * those before it. Start at {@link dev.tenon.pilot.PilotModule}, where they are put together.
 */
@NullMarked
package dev.tenon.pilot;

import org.jspecify.annotations.NullMarked;
