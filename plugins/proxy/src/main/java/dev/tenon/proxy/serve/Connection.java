package dev.tenon.proxy.serve;

import dev.tenon.proxy.compile.HttpSpec.HttpLimits;
import dev.tenon.proxy.http.HeadParser;
import dev.tenon.proxy.http.Problem;
import dev.tenon.proxy.loop.LoopState;
import dev.tenon.proxy.loop.Timer;
import dev.tenon.proxy.request.Failure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A caller's connection: one request after the other, the next ones waiting in the {@link Inbox}. */
public final class Connection extends ChannelInboundHandlerAdapter {
  private static final int MOST_AHEAD = 64 * 1024;
  private static final int MOST_DISCARDED = 256 * 1024;
  private static final long LINGER = TimeUnit.SECONDS.toNanos(1);
  private static final long LAST_WRITE = TimeUnit.SECONDS.toNanos(10);

  private enum State {
    /** Between two requests, or within a head. */
    READY,
    /** A request is under way. */
    BUSY,
    /** The last answer leaves; what comes is thrown away. */
    ENDING,
    GONE
  }

  private final Lane lane;
  private final LoopState loop;
  private final View view;
  private final Channel channel;
  private final Inbox in;
  private final Exchange exchange;
  private State state = State.READY;
  private boolean processing;
  private int searched;
  private int discarded;
  private final Timer timer =
      new Timer() {
        @Override
        protected void expired() {
          late();
          loop.flush();
        }
      };

  private Connection(Lane lane, Site site, Channel channel) {
    this.lane = lane;
    this.loop = lane.loop();
    this.view = new View(lane, site);
    this.channel = channel;
    this.in = new Inbox(loop);
    this.exchange = new Exchange(this, lane);
  }

  /** Takes over a connection that was accepted, or re-homed with bytes read early. Call on its loop. */
  public static void take(Lane lane, Site site, Channel channel, @Nullable ByteBuf early) {
    Connection connection = new Connection(lane, site, channel);
    lane.opened(connection);
    channel.pipeline().addLast(connection);
    if (early != null) {
      connection.in.append(early, early.readerIndex(), early.readableBytes());
      early.release();
      connection.process();
      connection.loop.flush();
    } else {
      connection.idle();
    }
    if (connection.state != State.GONE && channel.isActive()) {
      channel.config().setAutoRead(true);
    }
  }

  Channel channel() {
    return channel;
  }

  Inbox in() {
    return in;
  }

  /** What it works by. */
  View view() {
    return view;
  }

  /** Whether it leads to the application beside this proxy. */
  boolean isInbound() {
    return view.isInbound();
  }

  @Nullable InetSocketAddress peer() {
    return channel.remoteAddress() instanceof InetSocketAddress address ? address : null;
  }

  @Nullable InetSocketAddress local() {
    return channel.localAddress() instanceof InetSocketAddress address ? address : null;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf buffer = (ByteBuf) message;
    try {
      switch (state) {
        case READY -> {
          in.append(buffer, buffer.readerIndex(), buffer.readableBytes());
          process();
        }
        case BUSY -> more(buffer);
        case ENDING -> discard(buffer.readableBytes());
        case GONE -> {}
      }
    } finally {
      buffer.release();
    }
  }

  /** More while a request is under way: its body, or requests sent ahead. */
  private void more(ByteBuf buffer) {
    int index = buffer.readerIndex();
    if (exchange.takesBody()) {
      index = exchange.body(buffer);
    }
    if (state == State.ENDING || state == State.GONE) {
      return;
    }
    in.append(buffer, index, buffer.writerIndex() - index);
    if (state == State.READY) {
      process();
    } else if (in.to() > MOST_AHEAD && !exchange.takesBody()) {
      channel.config().setAutoRead(false);
    }
  }

  private void discard(int length) {
    discarded += length;
    if (discarded > MOST_DISCARDED) {
      channel.close();
    }
  }

  /** Serves what has come, request by request. */
  private void process() {
    if (processing) {
      return;
    }
    processing = true;
    while (state == State.READY && in.size() > 0 && next()) {}
    processing = false;
    if (state == State.READY && in.size() == 0) {
      boundary();
    }
  }

  /** Begins one request. False: there is no whole head yet. */
  private boolean next() {
    byte[] bytes = in.bytes();
    if (bytes[in.from()] == '\r' && in.size() > 1 && bytes[in.from() + 1] == '\n') {
      // An empty line before a request is forgiven (RFC 9112 section 2.2).
      in.doneTo(in.from() + 2);
      searched = 0;
      return true;
    }
    view.refresh();
    HttpLimits limits = view.limits();
    if (searched > 0 && !HeadParser.worthParsing(bytes, in.from(), in.from() + searched, in.to())) {
      return partial(limits);
    }
    int end = HeadParser.request(bytes, in.from(), in.to(), limits.headers(), exchange.call().head());
    if (end == HeadParser.INCOMPLETE) {
      return partial(limits);
    }
    loop.timers().disarm(timer);
    searched = 0;
    state = State.BUSY;
    Problem problem = exchange.call().head().problem();
    if (problem == null && end - in.from() > limits.headBytes()) {
      problem = Problem.HEAD_TOO_LARGE;
    }
    if (problem != null) {
      exchange.refuse(new Failure.Malformed(problem));
    } else {
      exchange.begin(end);
    }
    return true;
  }

  private boolean partial(HttpLimits limits) {
    if (in.size() > limits.headBytes()) {
      state = State.BUSY;
      exchange.refuse(new Failure.Malformed(Problem.HEAD_TOO_LARGE));
      return false;
    }
    if (searched == 0) {
      loop.timers().disarm(timer);
      if (!limits.headTimeout().isZero()) {
        loop.timers().armIn(timer, limits.headTimeout().toNanos());
      }
    }
    searched = in.size();
    return false;
  }

  /** Ends a connection that idles though its listener is gone. */
  void check() {
    if (state == State.READY && in.size() == 0) {
      view.refresh();
      if (view.retired()) {
        end();
      }
    }
  }

  /** The request under way may be answered while more of its body is read. */
  void resumeReading() {
    if (!channel.config().isAutoRead()) {
      channel.config().setAutoRead(true);
    }
  }

  void reading(boolean on) {
    channel.config().setAutoRead(on);
  }

  /**
   * The request under way is over.
   *
   * @param nextAt where the next one begins in the inbox
   */
  void over(int nextAt, boolean keep) {
    if (state != State.BUSY) {
      return;
    }
    in.doneTo(nextAt);
    if (!keep) {
      end();
      return;
    }
    state = State.READY;
    resumeReading();
    if (!processing) {
      process();
    }
  }

  /** Between two requests: the connection waits, or goes to the next generation. */
  void boundary() {
    if (state != State.READY || in.size() > 0) {
      return;
    }
    if (!lane.draining(this)) {
      idle();
    } else {
      handOver();
    }
  }

  private void idle() {
    searched = 0;
    long nanos = view.limits().connectionIdle().toNanos();
    if (nanos > 0) {
      loop.timers().armIn(timer, nanos);
    }
  }

  /** To whoever has the address now; nobody: to its end. */
  private void handOver() {
    if (!channel.isActive()) {
      return;
    }
    loop.flush();
    channel.config().setAutoRead(false);
    state = State.GONE;
    channel.pipeline().remove(this);
    if (!lane.ports().rehome(channel, null)) {
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  /** Closes once the last answer has left, patiently enough for the caller to read it. */
  private void end() {
    state = State.ENDING;
    in.clear();
    resumeReading();
    ChannelFuture written = channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
    if (!exchange.bodyDone() && channel instanceof DuplexChannel duplex) {
      // Closing with unread bytes would reset the connection and take the answer with it.
      written.addListener(done -> duplex.shutdownOutput());
      loop.timers().armIn(timer, LINGER);
    } else {
      written.addListener(ChannelFutureListener.CLOSE);
      loop.timers().armIn(timer, LAST_WRITE);
    }
  }

  /** Closes at once: half an answer was sent. */
  void abort() {
    channel.close();
  }

  private void late() {
    if (state == State.READY && searched > 0) {
      state = State.BUSY;
      exchange.refuse(new Failure.TooSlow(true));
    } else if (state != State.BUSY) {
      channel.close();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    loop.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (state == State.BUSY) {
      exchange.callerWritable(channel.isWritable());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    boolean busy = state == State.BUSY;
    state = State.GONE;
    if (busy) {
      exchange.callerGone();
    }
    loop.flush();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    state = State.GONE;
    loop.timers().disarm(timer);
    in.clear();
    lane.left(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof java.io.IOException)) {
      lane.complaints().say("a connection from {} failed", channel.remoteAddress(), cause);
    }
    context.close();
  }
}
