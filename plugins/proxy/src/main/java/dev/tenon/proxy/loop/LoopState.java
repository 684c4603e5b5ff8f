package dev.tenon.proxy.loop;

import dev.tenon.proxy.http.Bytes;
import dev.tenon.proxy.http.Head;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tools of one event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails closes the channel, which its handler hears of
public final class LoopState {
  /** Size of the arrays that connections borrow while they have something in hand. */
  public static final int ARRAY = 4096;

  private static final int KEPT_ARRAYS = 256;
  private static final int SPARE = 8 * 1024;

  private final EventLoop executor;
  private final int index;
  private final Timers timers;
  private final Chance chance = new Chance(new SecureRandom().nextLong());
  private final HttpDate date = new HttpDate();
  private final Bytes out = new Bytes();
  private final Head responseHead = new Head();
  private final Deque<byte[]> arrays = new ArrayDeque<>();
  private final List<Channel> written = new ArrayList<>();
  private final @Nullable ByteBuf[] spares = new ByteBuf[4];
  private byte[] scratch = new byte[16 * 1024];
  private boolean closed;

  public LoopState(EventLoop executor, int index) {
    this.executor = executor;
    this.index = index;
    this.timers = new Timers(executor);
  }

  public EventLoop executor() {
    return executor;
  }

  /** Its place among the loops. */
  public int index() {
    return index;
  }

  public Timers timers() {
    return timers;
  }

  public Chance chance() {
    return chance;
  }

  public HttpDate date() {
    return date;
  }

  /** Where a message is put together. Free for use by whoever runs. */
  public Bytes out() {
    return out;
  }

  /** Where an answer's head is parsed into; read before the callback that parsed it returns. */
  public Head responseHead() {
    return responseHead;
  }

  /** Room for bytes that are looked at before the present callback returns. */
  public byte[] scratch(int size) {
    if (scratch.length < size) {
      scratch = new byte[Math.max(size, scratch.length * 2)];
    }
    return scratch;
  }

  /** Lends an array of {@link #ARRAY} bytes. */
  public byte[] borrow() {
    byte[] array = arrays.pollLast();
    return array == null ? new byte[ARRAY] : array;
  }

  /** Takes a lent array back; one that was swapped for a larger one is left to the collector. */
  public void giveBack(byte[] array) {
    if (array.length == ARRAY && arrays.size() < KEPT_ARRAYS) {
      arrays.addLast(array);
    }
  }

  /** Writes what was put together in {@link #out()}; it leaves at the next {@link #flush}. */
  public void write(Channel channel, Bytes bytes) {
    if (bytes.size() == 0) {
      return;
    }
    write(channel, buffer(channel.alloc(), bytes.size()).writeBytes(bytes.array(), 0, bytes.size()));
  }

  /** A buffer that nobody holds any more, since what it held was sent; or a new one. */
  private ByteBuf buffer(ByteBufAllocator allocator, int size) {
    if (size <= SPARE && !closed) {
      for (int i = 0; i < spares.length; i++) {
        ByteBuf spare = spares[i];
        if (spare == null) {
          spare = allocator.directBuffer(SPARE, SPARE);
          spares[i] = spare;
        }
        if (spare.refCnt() == 1) {
          return spare.clear().retain();
        }
      }
    }
    return allocator.directBuffer(size, size);
  }

  /** Writes a buffer, which is released; it leaves at the next {@link #flush}. */
  public void write(Channel channel, ByteBuf buffer) {
    channel.write(buffer, channel.voidPromise());
    if (!written.contains(channel)) {
      written.add(channel);
    }
  }

  /** Sends what was written to any channel. Called once at the end of each callback. */
  public void flush() {
    // Sending may make room, and who hears of that may write again.
    while (!written.isEmpty()) {
      written.remove(written.size() - 1).flush();
    }
  }

  /** Nothing is used any more. */
  public void close() {
    closed = true;
    timers.close();
    arrays.clear();
    for (int i = 0; i < spares.length; i++) {
      ByteBuf spare = spares[i];
      spares[i] = null;
      if (spare != null) {
        spare.release();
      }
    }
  }
}
