package dev.tenon.proxy.http;

/** What can be wrong with a message. The connection that it came on is closed after the answer. */
public enum Problem {
  REQUEST_LINE(400, "the request line is malformed"),
  STATUS_LINE(502, "the status line is malformed"),
  VERSION(505, "the protocol version is not 1.0 or 1.1"),
  FIELD_NAME(400, "a field name is empty, folded, not a token or not followed by a colon"),
  FIELD_VALUE(400, "a field value has a control character"),
  LINE_END(400, "a line does not end with CR LF"),
  HEAD_TOO_LARGE(431, "the head is too large"),
  TOO_MANY_FIELDS(431, "the head has too many fields"),
  HOST(400, "there is no Host, more than one, or one that is no authority"),
  TARGET(400, "the request target is malformed"),
  CONNECT(405, "CONNECT is not served here"),
  CONTENT_LENGTH(400, "Content-Length is repeated or not a number"),
  TRANSFER_ENCODING(400, "Transfer-Encoding is not just chunked"),
  BOTH_LENGTHS(400, "there are both Content-Length and Transfer-Encoding"),
  EXPECTATION(417, "an expectation other than 100-continue"),
  CHUNK(400, "a chunk is malformed"),
  TRAILERS(400, "the trailers are malformed or too large");

  private final int status;
  private final String text;

  Problem(int status, String text) {
    this.status = status;
    this.text = text;
  }

  /** What a client is answered. */
  public int status() {
    return status;
  }

  /** One clause, for logs. */
  public String text() {
    return text;
  }
}
