package dev.tenon.proxy.upstream;

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

  public String text() {
    return text;
  }
}
