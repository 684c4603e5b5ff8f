package dev.tenon.testkit.contract;

import dev.tenon.spi.traffic.ResponseHead;
import java.util.Map;

/** An answer's head, as a filter sees it, for the tests of filters. Used by one thread. */
public final class GivenResponseHead extends GivenHead implements ResponseHead {
  private final int status;
  private final boolean own;

  private GivenResponseHead(int status, boolean own, Map<String, String> headers) {
    super(headers);
    this.status = status;
    this.own = own;
  }

  /** An answer of the upstream, or of the proxy itself. */
  public static GivenResponseHead of(int status, boolean own, Map<String, String> headers) {
    return new GivenResponseHead(status, own, headers);
  }

  @Override
  public int status() {
    use();
    return status;
  }

  @Override
  public boolean own() {
    use();
    return own;
  }
}
