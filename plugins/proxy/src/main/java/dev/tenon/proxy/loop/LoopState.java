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

/** The tools of one event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails closes the channel, which its handler hears of
public final class LoopState {
  /** Size of the arrays that connections borrow while they have something in hand. */
  public static final int ARRAY = 4096;

  private static final int KEPT_ARRAYS = 256;

  private final EventLoop executor;
  private final int index;
  private final Timers timers;
  private final Chance chance = new Chance(new SecureRandom().nextLong());
  private final HttpDate date = new HttpDate();
  private final Bytes out = new Bytes();
  private final Head responseHead = new Head();
  private final Deque<byte[]> arrays = new ArrayDeque<>();
  private final List<Channel> written = new ArrayList<>();
  private byte[] scratch = new byte[16 * 1024];

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
    ByteBufAllocator allocator = channel.alloc();
    ByteBuf buffer = allocator.directBuffer(bytes.size(), bytes.size());
    buffer.writeBytes(bytes.array(), 0, bytes.size());
    write(channel, buffer);
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
    timers.close();
    arrays.clear();
  }
}
