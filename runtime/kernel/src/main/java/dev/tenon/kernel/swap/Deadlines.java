package dev.tenon.kernel.swap;

import java.time.Duration;

/**
 * How long a module may take.
 *
 * @param start for its activator and {@code Module.start}
 * @param ready from then until it is ready, when an older generation serves meanwhile
 * @param warm from then until the switch, when an older generation serves meanwhile; zero: it is not warmed
 * @param drain for an old generation's work
 * @param close for {@code Running.close}
 */
public record Deadlines(Duration start, Duration ready, Duration warm, Duration drain, Duration close) {}
