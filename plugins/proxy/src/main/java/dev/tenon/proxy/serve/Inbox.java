package dev.tenon.proxy.serve;

import dev.tenon.proxy.loop.LoopState;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * What was read from a caller and not done with: the head being parsed, the request under way, and
 * requests sent ahead. Places stay valid while a request is under way. Holds no memory when empty.
 */
final class Inbox {
  private static final byte[] NONE = {};

  private final LoopState loop;
  private byte[] bytes = NONE;
  private int from;
  private int to;

  Inbox(LoopState loop) {
    this.loop = loop;
  }

  byte[] bytes() {
    return bytes;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  int size() {
    return to - from;
  }

  void append(ByteBuf buffer, int index, int length) {
    if (length == 0) {
      return;
    }
    if (bytes.length == 0) {
      bytes = loop.borrow();
    }
    if (to + length > bytes.length) {
      // The old array is not given back: a request under way may still read it.
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, to + length));
    }
    buffer.getBytes(index, bytes, to, length);
    to += length;
  }

  /** Forgets what lies before a place. Nobody may read it any more. */
  void doneTo(int place) {
    from = place;
    if (from == to) {
      clear();
    } else if (from > LoopState.ARRAY) {
      System.arraycopy(bytes, from, bytes, 0, to - from);
      to -= from;
      from = 0;
    }
  }

  void clear() {
    if (bytes.length > 0) {
      loop.giveBack(bytes);
      bytes = NONE;
    }
    from = 0;
    to = 0;
  }
}
