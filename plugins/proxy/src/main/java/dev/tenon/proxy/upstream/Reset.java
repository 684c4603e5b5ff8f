package dev.tenon.proxy.upstream;

import dev.tenon.proxy.request.Failure;
import dev.tenon.proxy.request.Flags;

/** Why a call to an endpoint came to nothing, in the words of Envoy's bodies. */
public enum Reset {
  CONNECTION_FAILURE("remote connection failure"),
  CONNECTION_TIMEOUT("connection timeout"),
  CONNECTION_TERMINATION("connection termination"),
  PROTOCOL_ERROR("protocol error"),
  OVERFLOW("overflow"),
  /** No endpoint could be picked. */
  NO_ENDPOINT("");

  private final String text;

  Reset(String text) {
    this.text = text;
  }

  /**
   * What the caller is answered.
   *
   * @param detail more about it; may be empty
   */
  public Failure failure(String detail) {
    return switch (this) {
      case CONNECTION_FAILURE, CONNECTION_TIMEOUT -> new Failure.Upstream(503, Flags.UPSTREAM_CONNECTION_FAILURE, text, detail);
      case CONNECTION_TERMINATION -> new Failure.Upstream(503, Flags.UPSTREAM_CONNECTION_TERMINATION, text, detail);
      case OVERFLOW -> new Failure.Upstream(503, Flags.UPSTREAM_OVERFLOW, text, detail);
      case PROTOCOL_ERROR -> new Failure.Upstream(502, Flags.UPSTREAM_PROTOCOL_ERROR, text, detail);
      case NO_ENDPOINT -> new Failure.NoEndpoint();
    };
  }
}
