/**
 * What stands between a module and the plug-ins that it calls: deadline, concurrency, quarantine, a
 * watch over event loops, and what each module costs.
 *
 * <p>The kernel implements {@link dev.tenon.spi.guard.Guards} and lends it by {@link
 * dev.tenon.spi.lifecycle.ModuleContext#guards()}; modules with plug points call it. Plug-in authors
 * need nothing of this package. Start at {@code Guards}.
 */
@NullMarked
@Version("1.0.0")
package dev.tenon.spi.guard;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
