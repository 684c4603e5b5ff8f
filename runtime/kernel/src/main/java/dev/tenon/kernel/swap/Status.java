package dev.tenon.kernel.swap;

import dev.tenon.spi.guard.Usage;

/**
 * One line of the list of modules.
 *
 * @param state starting, ready, active, draining or failed
 * @param generation counts a module's generations in this process from 1; 0 for one that never ran
 * @param file where the jar was found
 * @param sinceMillis when it came to this state, since 1970
 * @param reason why it failed or was refused; empty otherwise
 * @param signer who signed it; empty when nobody who is trusted did, or nobody looked
 * @param usage what it has cost
 */
public record Status(
    String module, String version, String build, String state, int generation, String file, long sinceMillis, String reason,
    String signer, Usage usage) {}
