package dev.tenon.spi.telemetry;

import java.util.List;

/**
 * One configured sink. Called by one thread at a time, a virtual one: it may block, for at most 10 s,
 * after which it is interrupted. While it works, requests are not held up: what does not fit into its
 * queue is dropped and counted.
 */
public interface Sink extends AutoCloseable {
  /**
   * Takes requests that are over, in the order in which each event loop finished them.
   *
   * @throws Exception when they are lost; counted, and said in the log
   */
  default void requests(List<FinishedRequest> batch) throws Exception {}

  /**
   * Takes all figures of the proxy. Called in equal distances: 10 s unless the configuration says
   * otherwise.
   *
   * @throws Exception when they are lost; said in the log
   */
  default void metrics(MetricSnapshot snapshot) throws Exception {}

  /** Frees what the sink holds, once, when no call is under way. */
  @Override
  default void close() {}
}
