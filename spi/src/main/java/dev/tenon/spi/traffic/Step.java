package dev.tenon.spi.traffic;

import java.util.List;

/** What becomes of a request after a filter. */
public sealed interface Step {
  /** Goes on to the next filter, and then to where its route leads. */
  record Continue() implements Step {}

  /**
   * Ends here: the caller is given this answer, and nothing is sent on. To a gRPC call it is given in
   * gRPC's own form, with the code that belongs to the status.
   *
   * @param status 200 to 599
   * @param headers beside those that the proxy gives to each answer; names and values as in {@link
   *     Head#set}
   * @param body text; at most 65,536 characters; a {@code content-type} of {@code text/plain} goes
   *     with it unless the headers name another
   */
  record Answer(int status, List<Header> headers, String body) implements Step {
    /**
     * An answer.
     *
     * @throws IllegalArgumentException when the status or the body's length is out of bounds
     */
    public Answer {
      if (status < 200 || status > 599) {
        throw new IllegalArgumentException("a status is between 200 and 599, not " + status);
      }
      if (body.length() > 65_536) {
        throw new IllegalArgumentException("a body has at most 65536 characters, not " + body.length());
      }
      headers = List.copyOf(headers);
    }
  }

  /**
   * A field of an answer.
   *
   * @param name without regard to case
   */
  record Header(String name, String value) {}

  /** Goes on. */
  Step CONTINUE = new Continue();

  /** Ends here with a line of plain text. */
  static Step answer(int status, String body) {
    return new Answer(status, List.of(), body);
  }
}
