package dev.tenon.spi.traffic;

import dev.tenon.spi.config.Fields;

/**
 * The plug point for request filters. A jar offers one by naming its class in {@code
 * META-INF/services/dev.tenon.spi.traffic.RequestFilterFactory}; no other metadata is needed. An object
 * of the kind {@code RequestFilter} puts it before requests.
 */
public interface RequestFilterFactory {
  /** What a RequestFilter's {@code plugin} names: lower-case letters, digits, {@code -} and {@code .}. */
  String name();

  /**
   * Makes a filter of its {@code config}. Reads every field it knows; the caller reports those nobody
   * asked for and every error noted in {@code config}. Called on a thread that may block, with a
   * deadline of 5 s; once for each configuration, not for each request.
   *
   * @throws RuntimeException when no filter can be made; the message is shown to the operator
   */
  RequestFilter build(Fields config);

  /**
   * Whether {@link RequestFilter#onRequest} only computes. Such a filter is called on the event loop and
   * must return within microseconds; any other runs on a thread of its own with a deadline (1 s), while its
   * request waits and no other.
   */
  default boolean nonBlocking() {
    return false;
  }
}
