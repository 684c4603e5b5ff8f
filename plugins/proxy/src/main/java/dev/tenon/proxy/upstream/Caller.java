package dev.tenon.proxy.upstream;

import dev.tenon.proxy.http.Body;
import dev.tenon.proxy.http.Head;
import io.netty.buffer.ByteBuf;

/** Whoever calls an endpoint. Told everything on its loop; may let go of the connection in any call. */
public interface Caller {
  /** A connection is the caller's until it is released. The caller writes its request. */
  void connected(UpstreamConnection connection);

  /** There will be no connection. */
  void refused(Reset reset, String detail);

  /**
   * The answer's head has come, and what was read with it; both to be used before returning.
   *
   * @param body how the rest is framed; not fed yet
   */
  void answered(Head head, Body body, byte[] bytes, int from, int to);

  /** More of the body; the callee retains what it keeps. */
  void answerBuffer(ByteBuf buffer);

  /** The connection ended or broke the protocol; it is the caller's no more. */
  void broken(Reset reset);

  /** Writing may go on, or should wait. */
  void writability(boolean writable);
}
