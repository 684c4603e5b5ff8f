package dev.tenon.kernel.ports;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Idle outbound connections between two generations, by loop and pool. Each loop's part is touched on
 * that loop alone. At most 4096 on a loop; one that nobody takes within a minute is closed, and one
 * that says anything or ends meanwhile is too.
 */
final class WarmPool {
  private static final int MOST = 4096;
  private static final long SECONDS = 60;
  private final IdentityHashMap<EventLoop, Shelf> shelves = new IdentityHashMap<>();

  WarmPool(Loops loops) {
    loops.each().forEach(loop -> shelves.put(loop, new Shelf()));
  }

  void keep(String pool, Channel channel) {
    Shelf shelf = shelves.get(channel.eventLoop());
    if (shelf == null || shelf.count >= MOST || !channel.isActive()) {
      channel.close();
      return;
    }
    Keeper keeper = new Keeper(shelf, pool, channel);
    shelf.count++;
    shelf.pools.computeIfAbsent(pool, ignored -> new ArrayDeque<>()).push(keeper);
    channel.pipeline().addLast(keeper);
    keeper.end = channel.eventLoop().schedule(() -> {
      channel.close();
    }, SECONDS, TimeUnit.SECONDS);
    channel.config().setAutoRead(true);
  }

  @Nullable Channel take(String pool, EventLoop loop) {
    Shelf shelf = shelves.get(loop);
    Deque<Keeper> kept = shelf == null ? null : shelf.pools.get(pool);
    Keeper keeper = kept == null ? null : kept.peek();
    if (keeper == null) {
      return null;
    }
    keeper.channel.pipeline().remove(keeper);
    return keeper.channel.isActive() ? keeper.channel : take(pool, loop);
  }

  /** One loop's part. */
  private static final class Shelf {
    final Map<String, Deque<Keeper>> pools = new HashMap<>();
    int count;
  }

  /** Watches a kept connection; leaves the shelf when it leaves the pipeline. */
  private static final class Keeper extends ChannelInboundHandlerAdapter {
    private final Shelf shelf;
    private final String pool;
    private final Channel channel;
    private @Nullable Future<?> end;

    Keeper(Shelf shelf, String pool, Channel channel) {
      this.shelf = shelf;
      this.pool = pool;
      this.channel = channel;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ReferenceCountUtil.release(message);
      context.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      leave();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
      leave();
    }

    private void leave() {
      Deque<Keeper> kept = shelf.pools.get(pool);
      if (kept != null && kept.remove(this)) {
        shelf.count--;
        if (kept.isEmpty()) {
          shelf.pools.remove(pool);
        }
      }
      if (end != null) {
        end.cancel(false);
      }
    }
  }
}
