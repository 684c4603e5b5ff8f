package dev.tenon.kernel.swap;

import dev.tenon.kernel.guard.Guarding;
import dev.tenon.kernel.keep.Journal;
import dev.tenon.kernel.keep.Ledger;
import dev.tenon.kernel.load.Bundles;
import dev.tenon.kernel.load.Store;
import dev.tenon.kernel.offers.OfferTable;
import dev.tenon.kernel.ports.Doors;
import dev.tenon.kernel.ports.Loops;
import dev.tenon.kernel.prove.Proof;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.lifecycle.ProcessInfo;
import java.nio.file.Path;

/**
 * What the kernel has to give to modules, and what it needs to walk them through their life.
 *
 * @param settings all of the process's
 * @param state the folder that holds each module's own
 * @param store knows whether a copy is still what was let in
 * @param ledger told what is tried and what serves
 * @param journal told of every event
 */
public record Facilities(
    ProcessInfo process,
    Node.Mapping settings,
    Path state,
    Bundles bundles,
    Store store,
    Loops loops,
    Doors doors,
    OfferTable offers,
    Proof proof,
    Guarding guarding,
    Ledger ledger,
    Journal journal) {}
