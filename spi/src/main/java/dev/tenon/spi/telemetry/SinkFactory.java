package dev.tenon.spi.telemetry;

import dev.tenon.spi.config.Fields;

/**
 * The plug point for sinks. A jar offers one by naming its class in {@code
 * META-INF/services/dev.tenon.spi.telemetry.SinkFactory}; the process's configuration asks for it under
 * {@code proxy.telemetry}.
 */
public interface SinkFactory {
  /** What an entry's {@code sink} names: lower-case letters, digits, {@code -} and {@code .}. */
  String name();

  /**
   * Makes a sink of its {@code config}. Called on a thread that may block, with a deadline of 5 s.
   *
   * @throws RuntimeException when none can be made; the message is shown to the operator
   */
  Sink build(Fields config);
}
