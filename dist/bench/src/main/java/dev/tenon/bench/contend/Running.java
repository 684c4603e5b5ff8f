package dev.tenon.bench.contend;

import dev.tenon.bench.drive.Target;
import dev.tenon.bench.observe.Round;
import dev.tenon.bench.observe.Usage;
import java.util.Optional;

/**
 * A contestant that answers.
 *
 * @param pid its process, whose CPU and memory count
 * @param target where it listens
 * @param startup from the start of the process to its first answer; empty where another started it
 * @param life ends it
 */
public record Running(long pid, Target target, Optional<Usage> startup, AutoCloseable life) implements AutoCloseable {
    /** Milliseconds until it was ready, where it had the core for itself. */
    public Optional<Double> readyMillis() {
        return startup.filter(usage -> usage.foreign() <= Round.FOREIGN_LIMIT).map(usage -> usage.micros() / 1000.0);
    }

    @Override
    public void close() {
        try {
            life.close();
        } catch (Exception e) {
            throw new IllegalStateException("process " + pid + " could not be ended", e);
        }
    }
}
