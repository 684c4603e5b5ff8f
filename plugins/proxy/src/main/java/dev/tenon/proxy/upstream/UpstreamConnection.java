package dev.tenon.proxy.upstream;

import dev.tenon.proxy.http.Body;
import dev.tenon.proxy.http.Head;
import dev.tenon.proxy.http.HeadParser;
import dev.tenon.proxy.loop.LoopState;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One connection to an endpoint: idle in its pool, or lent to one caller. */
@SuppressWarnings({"FutureReturnValueIgnored", "ReferenceEquality"}) // a closed channel tells its handler
public final class UpstreamConnection extends ChannelInboundHandlerAdapter {
  private static final int MAX_HEAD = 60 * 1024;
  private static final int MAX_FIELDS = 200;

  private final LoopState loop;
  private final Pool pool;
  private final Body body = new Body();
  private @Nullable Channel channel;
  private @Nullable Caller caller;
  private byte @Nullable [] partial;
  private int partialSize;
  private boolean headDone;
  private boolean persistent;
  private boolean toHead;
  private boolean answering;
  private int uses;
  private long idleSince;

  UpstreamConnection(LoopState loop, Pool pool) {
    this.loop = loop;
    this.pool = pool;
  }

  /** The connection is there. */
  void open(Channel established) {
    channel = established;
  }

  Channel channel() {
    Channel open = channel;
    if (open == null) {
      throw new IllegalStateException("not connected yet");
    }
    return open;
  }

  /** Where to write requests; see {@link LoopState#write}. */
  public Channel out() {
    return channel();
  }

  /** The endpoint at the other end. */
  public Host host() {
    return pool.host();
  }

  /** Whether it carried a request before the present one, so that the other end may have left. */
  public boolean reused() {
    return uses > 1;
  }

  /** Whether an octet of the present answer has come. */
  public boolean answering() {
    return answering;
  }

  boolean lend(Caller to) {
    if (!channel().isActive()) {
      return false;
    }
    caller = to;
    headDone = false;
    answering = false;
    persistent = false;
    toHead = false;
    uses++;
    return true;
  }

  /** Says that the request now written was HEAD: its answer has no body. */
  public void toHead(boolean head) {
    toHead = head;
  }

  /** Stops or resumes reading. */
  public void reading(boolean on) {
    channel().config().setAutoRead(on);
  }

  /**
   * Gives it back. It is kept for another request only when the answer ended as it should and both
   * sides want to go on.
   *
   * @param requestDone whether the whole request was written
   */
  public void release(boolean requestDone) {
    caller = null;
    boolean keep = requestDone && headDone && body.done() && body.problem() == null && persistent && channel().isActive();
    if (keep) {
      if (!channel().config().isAutoRead()) {
        channel().config().setAutoRead(true);
      }
      pool.released(this);
    } else {
      close();
    }
  }

  void close() {
    caller = null;
    channel().close();
  }

  void idleSince(long nanos) {
    idleSince = nanos;
  }

  long idleSince() {
    return idleSince;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf buffer = (ByteBuf) message;
    try {
      if (caller == null) {
        // Nobody asked: whatever this is, it must not become the answer to a later request.
        context.close();
      } else if (headDone) {
        rest(buffer);
      } else {
        answering = true;
        head(buffer);
      }
    } finally {
      buffer.release();
    }
  }

  private void head(ByteBuf buffer) {
    int size = partialSize + buffer.readableBytes();
    byte[] bytes = partial == null ? loop.scratch(size) : grown(partial, size);
    int readable = buffer.readableBytes();
    buffer.getBytes(buffer.readerIndex(), bytes, partialSize, readable);
    int at = 0;
    while (true) {
      Head head = loop.responseHead();
      if (partial != null && !HeadParser.worthParsing(bytes, at, partialSize, size)) {
        keepPartial(bytes, at, size);
        return;
      }
      int end = HeadParser.response(bytes, at, size, MAX_FIELDS, head);
      if (end == HeadParser.INCOMPLETE) {
        keepPartial(bytes, at, size);
        return;
      }
      if (end < 0 || head.status() == 101) {
        protocolError();
        return;
      }
      at = end;
      if (head.status() >= 200) {
        partial = null;
        partialSize = 0;
        answered(head, bytes, at, size);
        return;
      }
      // 100 was sent by ourselves, 102 and 103 are hints: the answer is still to come.
      partialSize = 0;
    }
  }

  private void answered(Head head, byte[] bytes, int from, int to) {
    headDone = true;
    persistent = head.persistent();
    body.ofResponse(head, toHead);
    if (body.done() && from < to) {
      // More than the answer: what follows is nobody's.
      persistent = false;
    }
    if (caller != null) {
      caller.answered(head, body, bytes, from, to);
    }
  }

  private void keepPartial(byte[] bytes, int from, int to) {
    if (to - from > MAX_HEAD) {
      protocolError();
      return;
    }
    byte[] kept = bytes == partial && from == 0 ? bytes : Arrays.copyOfRange(bytes, from, Math.max(to, from + 512));
    partial = kept;
    partialSize = to - from;
  }

  private static byte[] grown(byte[] bytes, int size) {
    return bytes.length >= size ? bytes : Arrays.copyOf(bytes, Math.max(size, bytes.length * 2));
  }

  private void rest(ByteBuf buffer) {
    Caller told = caller;
    if (body.done()) {
      persistent = false;
    } else if (told != null) {
      told.answerBuffer(buffer);
    }
  }

  /** The body did not end where the read ended: the connection cannot be used again. */
  public void spoiled() {
    persistent = false;
  }

  private void protocolError() {
    Caller told = caller;
    close();
    if (told != null) {
      told.broken(Reset.PROTOCOL_ERROR);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    loop.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (caller != null) {
      caller.writability(context.channel().isWritable());
      loop.flush();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    Caller told = caller;
    caller = null;
    pool.closed(this);
    if (told != null) {
      told.broken(Reset.CONNECTION_TERMINATION);
      loop.flush();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // A reset or a failed write; channelInactive tells the caller.
    context.close();
  }
}
