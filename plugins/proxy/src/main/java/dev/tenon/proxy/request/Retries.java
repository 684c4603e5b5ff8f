package dev.tenon.proxy.request;

import dev.tenon.proxy.compile.RetrySpec;
import dev.tenon.proxy.compile.RetrySpec.On;

/** Which outcomes a retry policy tries again; as Envoy's {@code retry_on} is documented. */
public final class Retries {
  private Retries() {}

  /** Whether an answer with this status is tried again. */
  public static boolean onStatus(RetrySpec spec, int status) {
    return (spec.on().contains(On.FIVE_XX) && status >= 500)
        || (spec.on().contains(On.GATEWAY_ERROR) && status >= 502 && status <= 504)
        || (spec.on().contains(On.RETRIABLE_4XX) && status == 409)
        || (spec.on().contains(On.RETRIABLE_STATUS_CODES) && spec.statuses().contains(status));
  }

  /**
   * Whether an attempt without an answer is tried again.
   *
   * @param connecting it never had a connection
   */
  public static boolean onReset(RetrySpec spec, boolean connecting) {
    return spec.on().contains(On.FIVE_XX)
        || spec.on().contains(On.GATEWAY_ERROR)
        || spec.on().contains(On.RESET)
        || (connecting && (spec.on().contains(On.CONNECT_FAILURE) || spec.on().contains(On.RESET_BEFORE_REQUEST)));
  }

  /** Whether an attempt that took too long is tried again. */
  public static boolean onTimeout(RetrySpec spec) {
    return spec.on().contains(On.FIVE_XX) || spec.on().contains(On.GATEWAY_ERROR) || spec.on().contains(On.RESET);
  }
}
