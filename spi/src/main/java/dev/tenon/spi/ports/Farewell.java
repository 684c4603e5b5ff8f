package dev.tenon.spi.ports;

/**
 * How a connection ends that cannot be given to another generation, because what was agreed on it lives in
 * the code that agreed: HTTP/2, WebSocket, raw TCP. Called on the connection's loop; must not block.
 */
public interface Farewell {
  /**
   * The generation drains. Asks the peer to go elsewhere where the protocol has words for it: HTTP/2 sends
   * GOAWAY with the highest stream number and a PING, on its answer the final GOAWAY, and closes after its
   * last stream. A protocol without such words, like TCP or WebSocket, goes on as before.
   */
  default void ask() {}

  /**
   * The drain deadline is up. Says good-bye in the protocol's own way and closes: WebSocket by a close frame
   * with status 1001, TCP by a FIN after everything that was taken in. A second later the kernel closes what
   * is still open.
   */
  void end();
}
