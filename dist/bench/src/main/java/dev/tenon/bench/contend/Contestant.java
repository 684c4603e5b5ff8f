package dev.tenon.bench.contend;

import java.io.IOException;
import java.util.Optional;

/** A proxy that takes part: it passes every request on to the shared backend. */
public interface Contestant {
    /** Its name in figures: lower case. */
    String name();

    /** Why it cannot take part on this machine, if it cannot. */
    Optional<String> missing();

    /** Whether it needs to be run warm before it is measured, as code compiled at run time does. */
    default boolean warmsUp() {
        return false;
    }

    /**
     * Starts it on the proxy's core and waits until it answers.
     *
     * @throws IOException when it cannot be started or does not answer; the message holds the end of its output
     */
    Running start(Setting setting) throws IOException, InterruptedException;
}
