package dev.tenon.bench.run;

import dev.tenon.bench.observe.Round;
import java.io.IOException;

/** What one contestant does in each round. */
record Turn(String name, Measurement measurement) {
    /** Takes one round. */
    @FunctionalInterface
    interface Measurement {
        Round take() throws IOException, InterruptedException;
    }
}
