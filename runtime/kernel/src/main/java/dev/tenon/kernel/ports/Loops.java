package dev.tenon.kernel.ports;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** The process's event loops: native epoll where it is to be had, else NIO. */
public final class Loops implements AutoCloseable {
  private final boolean epoll;
  private final MultiThreadIoEventLoopGroup group;
  private final List<EventLoop> each;

  private Loops(int count, boolean epoll, ThreadFactory threads) {
    this.epoll = epoll;
    IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    group = new MultiThreadIoEventLoopGroup(count, threads, handlers);
    List<EventLoop> loops = new ArrayList<>();
    for (EventExecutor loop : group) {
      loops.add((EventLoop) loop);
    }
    each = List.copyOf(loops);
    // A thread inherits the context class loader of whoever first needs it: that must not be a module's.
    each.forEach(loop -> loop.execute(() -> {}));
  }

  /** So many loops, on epoll if this machine has it. */
  public static Loops start(int count, ThreadFactory threads) {
    return new Loops(count, Epoll.isAvailable(), threads);
  }

  /** So many loops on the JDK's selectors. */
  static Loops startNio(int count) {
    return new Loops(count, false, new DefaultThreadFactory("loop", true));
  }

  /** All of them as Netty wants them. */
  public MultiThreadIoEventLoopGroup group() {
    return group;
  }

  /** All of them, in a fixed order. */
  public List<EventLoop> each() {
    return each;
  }

  boolean epoll() {
    return epoll;
  }

  Class<? extends Channel> channelType() {
    return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  /**
   * Runs a task on every loop and waits until all have done so. After it, whatever a loop was doing
   * before is over.
   *
   * @return false when a loop did not come round in time
   */
  public boolean onEach(Runnable task, Duration deadline) throws InterruptedException {
    CountDownLatch left = new CountDownLatch(each.size());
    for (EventLoop loop : each) {
      loop.execute(() -> {
        try {
          task.run();
        } finally {
          left.countDown();
        }
      });
    }
    return left.await(deadline.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
