package dev.tenon.kernel.swap;

import dev.tenon.kernel.load.Bundles;
import dev.tenon.kernel.offers.OfferTable;
import dev.tenon.kernel.ports.Doors;
import dev.tenon.kernel.ports.Loops;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.lifecycle.ProcessInfo;
import java.nio.file.Path;

/**
 * What the kernel has to give to modules.
 *
 * @param settings all of the process's
 * @param state the folder that holds each module's own
 */
public record Facilities(
    ProcessInfo process, Node.Mapping settings, Path state, Bundles bundles, Loops loops, Doors doors, OfferTable offers) {}
