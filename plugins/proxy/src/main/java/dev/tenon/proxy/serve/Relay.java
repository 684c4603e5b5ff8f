package dev.tenon.proxy.serve;

import dev.tenon.proxy.http.Body;
import dev.tenon.proxy.http.Bytes;
import dev.tenon.proxy.loop.LoopState;
import dev.tenon.proxy.request.ResponseWriter.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Passes a body on. Pieces that lie side by side go on as one; small ones ride in the buffer of their
 * head, larger ones are passed by reference.
 */
final class Relay implements Body.Pieces {
  private final LoopState loop;
  private Framing framing = Framing.SAME;
  private int runFrom;
  private int runTo;
  private long passed;
  private byte @Nullable [] array;
  private @Nullable Bytes out;
  private @Nullable ByteBuf buffer;
  private @Nullable Channel channel;

  Relay(LoopState loop) {
    this.loop = loop;
  }

  void begin(Framing how) {
    framing = how;
    passed = 0;
  }

  /** Octets passed on since the beginning. */
  long passed() {
    return passed;
  }

  /** Passes bytes into a message being put together. Returns the place after the body's. */
  int feed(Body body, byte[] bytes, int from, int to, Bytes into) {
    array = bytes;
    out = into;
    runFrom = from;
    runTo = from;
    int end = body.feed(bytes, from, to, this);
    emit();
    array = null;
    out = null;
    return end;
  }

  /** Passes a buffer to a channel. Returns the index after the body's octets. */
  int feed(Body body, ByteBuf from, Channel to) {
    buffer = from;
    channel = to;
    runFrom = from.readerIndex();
    runTo = runFrom;
    int end = body.feed(from, this);
    emit();
    buffer = null;
    channel = null;
    return end;
  }

  /** What ends a body that was made into chunks. */
  static void last(Bytes into) {
    into.put('0').line().line();
  }

  @Override
  public void data(int from, int to) {
    if (framing == Framing.CHUNKED || from != runTo) {
      emit();
      runFrom = from;
    }
    runTo = to;
  }

  @Override
  public void frame(int from, int to) {
    if (framing == Framing.SAME) {
      data(from, to);
    }
  }

  private void emit() {
    int length = runTo - runFrom;
    if (length == 0) {
      return;
    }
    passed += length;
    if (out != null && array != null) {
      if (framing == Framing.CHUNKED) {
        out.putHex(length).line().put(array, runFrom, length).line();
      } else {
        out.put(array, runFrom, length);
      }
    } else if (buffer != null && channel != null) {
      toChannel(buffer, channel, length);
    }
    runFrom = runTo;
  }

  private void toChannel(ByteBuf from, Channel to, int length) {
    if (framing == Framing.CHUNKED) {
      loop.write(to, loop.out().clear().putHex(length).line());
    }
    ByteBuf piece = length == from.readableBytes() ? from.retain() : from.retainedSlice(runFrom, length);
    loop.write(to, piece);
    if (framing == Framing.CHUNKED) {
      loop.write(to, loop.out().clear().line());
    }
  }
}
