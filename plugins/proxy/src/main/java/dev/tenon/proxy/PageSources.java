package dev.tenon.proxy;

import dev.tenon.spi.guard.Usage;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What the pages show that the data plane does not know itself.
 *
 * @param dump what {@code /config_dump} shows, as JSON
 * @param hung why the process should be given no work, one line each; empty while all is well
 * @param modules what the process's modules have cost
 * @param figures what other modules add to the figures
 */
public record PageSources(
    Supplier<CompletionStage<String>> dump,
    Supplier<List<String>> hung,
    Supplier<List<Usage>> modules,
    Supplier<List<Family>> figures) {}
