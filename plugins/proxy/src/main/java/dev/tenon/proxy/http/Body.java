package dev.tenon.proxy.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * How far a message's body has come (RFC 9112 section 6). Fed with what follows the head, it says what
 * of it belongs to the body. Used again for the next message; not thread-safe.
 */
public final class Body {
  /** How the end is known. */
  public enum Kind {
    NONE,
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE
  }

  private final Chunks chunks = new Chunks();
  private Kind kind = Kind.NONE;
  private long left;
  private boolean done = true;

  /** There is none. */
  public void none() {
    kind = Kind.NONE;
    done = true;
  }

  /** Of a request with this head. */
  public void ofRequest(Head head) {
    begin(head.chunked ? Kind.CHUNKED : head.contentLength > 0 ? Kind.LENGTH : Kind.NONE, head.contentLength);
  }

  /** Of a response with this head, to a request that was HEAD or not. */
  public void ofResponse(Head head, boolean toHead) {
    if (toHead || head.status < 200 || head.status == 204 || head.status == 304) {
      none();
    } else if (head.chunked) {
      begin(Kind.CHUNKED, 0);
    } else if (head.contentLength == Head.NO_LENGTH) {
      begin(Kind.UNTIL_CLOSE, 0);
    } else {
      begin(head.contentLength == 0 ? Kind.NONE : Kind.LENGTH, head.contentLength);
    }
  }

  private void begin(Kind of, long length) {
    kind = of;
    left = length;
    done = of == Kind.NONE;
    if (of == Kind.CHUNKED) {
      chunks.begin();
    }
  }

  public Kind kind() {
    return kind;
  }

  /** Whether its last octet was fed. */
  public boolean done() {
    return done;
  }

  /** What is wrong with it, if anything; nothing after that belongs to it. */
  public @Nullable Problem problem() {
    return kind == Kind.CHUNKED ? chunks.problem() : null;
  }

  /** The connection ended. True if that is how this body ends. */
  public boolean closed() {
    if (kind == Kind.UNTIL_CLOSE) {
      done = true;
    }
    return done;
  }

  /**
   * Feeds bytes of an array.
   *
   * @param to what is sent on is told to it; trailers are not
   * @return the place after what belongs to the body
   */
  public int feed(byte[] bytes, int from, int end, Pieces to) {
    if (kind == Kind.CHUNKED) {
      int at = chunks.feed(bytes, from, end, to);
      done = chunks.done();
      return at;
    }
    int taken = count(end - from);
    if (taken > 0) {
      to.data(from, from + taken);
    }
    return from + taken;
  }

  /** Feeds the readable bytes of a buffer, likewise; places are indices of the buffer. */
  public int feed(ByteBuf buffer, Pieces to) {
    int from = buffer.readerIndex();
    if (kind == Kind.CHUNKED) {
      int at = chunks.feed(buffer, to);
      done = chunks.done();
      return at;
    }
    int taken = count(buffer.readableBytes());
    if (taken > 0) {
      to.data(from, from + taken);
    }
    return from + taken;
  }

  private int count(int available) {
    return switch (kind) {
      case NONE, CHUNKED -> 0;
      case UNTIL_CLOSE -> available;
      case LENGTH -> {
        int taken = (int) Math.min(left, available);
        left -= taken;
        done = left == 0;
        yield taken;
      }
    };
  }

  /** Takes the parts of a body in the order in which they lie there. */
  public interface Pieces {
    /** Octets of the content. */
    void data(int from, int to);

    /** Octets that frame it: chunk sizes and line ends. Left out where the framing changes. */
    void frame(int from, int to);
  }
}
