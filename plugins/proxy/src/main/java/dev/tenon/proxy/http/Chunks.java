package dev.tenon.proxy.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The chunked coding (RFC 9112 section 7.1), checked octet by octet where it frames and skipped where
 * it is data. Sizes have at most fifteen digits, extensions are bounded and may not hide a line end,
 * trailers are checked and left out, as Envoy leaves them out.
 */
final class Chunks {
  private static final int MAX_DIGITS = 15;
  private static final int MAX_EXTENSION = 4096;
  private static final int MAX_TRAILERS = 16 * 1024;

  private enum State {
    SIZE,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER_START,
    TRAILER_NAME,
    TRAILER_VALUE,
    TRAILER_LF,
    END_LF,
    DONE,
    BAD
  }

  private State state = State.DONE;
  private long size;
  private int digits;
  private int extension;
  private boolean quoted;
  private boolean escaped;
  private int trailers;
  private @Nullable Problem problem;

  void begin() {
    state = State.SIZE;
    size = 0;
    digits = 0;
    extension = 0;
    quoted = false;
    escaped = false;
    trailers = 0;
    problem = null;
  }

  boolean done() {
    return state == State.DONE;
  }

  @Nullable Problem problem() {
    return problem;
  }

  int feed(byte[] bytes, int from, int end, Body.Pieces to) {
    int at = from;
    while (at < end && state != State.DONE && state != State.BAD) {
      if (state == State.DATA) {
        int until = (int) Math.min(end, at + size);
        to.data(at, until);
        at = dataTo(at, until);
        continue;
      }
      int start = at;
      while (at < end && state != State.DATA && !trailing() && state != State.DONE && state != State.BAD) {
        step(bytes[at++]);
      }
      frame(to, start, at);
      while (at < end && trailing()) {
        start = at;
        step(bytes[at++]);
        endFrame(to, start, at);
      }
    }
    return at;
  }

  int feed(ByteBuf buffer, Body.Pieces to) {
    int at = buffer.readerIndex();
    int end = buffer.writerIndex();
    while (at < end && state != State.DONE && state != State.BAD) {
      if (state == State.DATA) {
        int until = (int) Math.min(end, at + size);
        to.data(at, until);
        at = dataTo(at, until);
        continue;
      }
      int start = at;
      while (at < end && state != State.DATA && !trailing() && state != State.DONE && state != State.BAD) {
        step(buffer.getByte(at++));
      }
      frame(to, start, at);
      while (at < end && trailing()) {
        start = at;
        step(buffer.getByte(at++));
        endFrame(to, start, at);
      }
    }
    return at;
  }

  private int dataTo(int at, int until) {
    size -= until - at;
    if (size == 0) {
      state = State.DATA_CR;
    }
    return until;
  }

  private void frame(Body.Pieces to, int from, int end) {
    if (end > from && state != State.BAD) {
      to.frame(from, end);
    }
  }

  /** The final CR LF is two octets that are not a trailer's: {@code END_LF} and what led there. */
  private void endFrame(Body.Pieces to, int from, int end) {
    if (state == State.END_LF || state == State.DONE) {
      to.frame(from, end);
    }
  }

  private boolean trailing() {
    return switch (state) {
      case TRAILER_START, TRAILER_NAME, TRAILER_VALUE, TRAILER_LF, END_LF -> true;
      default -> false;
    };
  }

  private void step(byte octet) {
    switch (state) {
      case SIZE -> size(octet);
      case EXTENSION -> extension(octet);
      case SIZE_LF -> {
        if (octet != '\n') {
          bad(Problem.CHUNK);
        } else {
          state = size == 0 ? State.TRAILER_START : State.DATA;
        }
      }
      case DATA_CR -> expect(octet, '\r', State.DATA_LF);
      case DATA_LF -> {
        expect(octet, '\n', State.SIZE);
        digits = 0;
        extension = 0;
      }
      case TRAILER_START, TRAILER_NAME, TRAILER_VALUE, TRAILER_LF -> trailer(octet);
      case END_LF -> expect(octet, '\n', State.DONE);
      case DATA, DONE, BAD -> throw new AssertionError(state);
    }
  }

  private void size(byte octet) {
    int digit = Octets.hex(octet);
    if (digit >= 0) {
      if (++digits > MAX_DIGITS) {
        bad(Problem.CHUNK);
      } else {
        size = digits == 1 ? digit : size << 4 | digit;
      }
    } else if (digits == 0) {
      bad(Problem.CHUNK);
    } else if (octet == '\r') {
      state = State.SIZE_LF;
    } else if (octet == ';' || octet == ' ' || octet == '\t') {
      state = State.EXTENSION;
      quoted = false;
      escaped = false;
    } else {
      bad(Problem.CHUNK);
    }
  }

  private void extension(byte octet) {
    if (++extension > MAX_EXTENSION) {
      bad(Problem.CHUNK);
    } else if (octet == '\r' && !quoted) {
      state = State.SIZE_LF;
    } else if ((Octets.of(octet) & Octets.VALUE) == 0) {
      bad(Problem.CHUNK);
    } else if (escaped) {
      escaped = false;
    } else if (octet == '"') {
      quoted = !quoted;
    } else if (octet == '\\' && quoted) {
      escaped = true;
    }
  }

  private void trailer(byte octet) {
    if (++trailers > MAX_TRAILERS) {
      bad(Problem.TRAILERS);
      return;
    }
    boolean token = (Octets.of(octet) & Octets.TOKEN) != 0;
    switch (state) {
      case TRAILER_START -> {
        if (octet == '\r') {
          state = State.END_LF;
        } else if (token) {
          state = State.TRAILER_NAME;
        } else {
          bad(Problem.TRAILERS);
        }
      }
      case TRAILER_NAME -> {
        if (octet == ':') {
          state = State.TRAILER_VALUE;
        } else if (!token) {
          bad(Problem.TRAILERS);
        }
      }
      case TRAILER_VALUE -> {
        if (octet == '\r') {
          state = State.TRAILER_LF;
        } else if ((Octets.of(octet) & Octets.VALUE) == 0) {
          bad(Problem.TRAILERS);
        }
      }
      default -> {
        if (octet == '\n') {
          state = State.TRAILER_START;
        } else {
          bad(Problem.TRAILERS);
        }
      }
    }
  }

  private void expect(byte octet, char wanted, State next) {
    if (octet == wanted) {
      state = next;
    } else {
      bad(Problem.CHUNK);
    }
  }

  private void bad(Problem what) {
    state = State.BAD;
    problem = what;
  }
}
