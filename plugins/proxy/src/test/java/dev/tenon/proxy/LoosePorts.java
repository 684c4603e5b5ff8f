package dev.tenon.proxy;

import dev.tenon.spi.ports.Acceptor;
import dev.tenon.spi.ports.BindFailure;
import dev.tenon.spi.ports.Farewell;
import dev.tenon.spi.ports.Listening;
import dev.tenon.spi.ports.Ports;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sockets and loops without a kernel. The latest to listen on an address is given its connections. */
final class LoosePorts implements Ports, AutoCloseable {
  private final EventLoopGroup group;
  private final List<EventLoop> loops = new ArrayList<>();
  private final Map<Integer, Acceptor> owners = new ConcurrentHashMap<>();
  private final Map<Integer, Channel> sockets = new ConcurrentHashMap<>();
  private final Map<String, Deque<Channel>> warm = new ConcurrentHashMap<>();

  LoosePorts(int threads) {
    group = new MultiThreadIoEventLoopGroup(threads, EpollIoHandler.newFactory());
    for (EventExecutor executor : group) {
      loops.add((EventLoop) executor);
    }
  }

  @Override
  public EventLoopGroup loops() {
    return group;
  }

  @Override
  public List<EventLoop> eachLoop() {
    return loops;
  }

  @Override
  public Class<? extends Channel> channelType() {
    return EpollSocketChannel.class;
  }

  @Override
  public Listening listen(SocketAddress address, Acceptor acceptor) throws BindFailure {
    int wanted = ((java.net.InetSocketAddress) address).getPort();
    Channel known = wanted == 0 ? null : sockets.get(wanted);
    Channel socket = known == null ? bind(address) : known;
    int port = ((java.net.InetSocketAddress) socket.localAddress()).getPort();
    sockets.put(port, socket);
    owners.put(port, acceptor);
    return new Listening() {
      @Override
      public SocketAddress address() {
        return socket.localAddress();
      }

      @Override
      public void close() {
        if (owners.remove(port, acceptor)) {
          sockets.remove(port);
          socket.close();
        }
      }
    };
  }

  private Channel bind(SocketAddress address) throws BindFailure {
    ChannelFuture future =
        new ServerBootstrap()
            .group(group)
            .channel(EpollServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(new Entrance(this))
            .bind(address)
            .awaitUninterruptibly();
    if (!future.isSuccess()) {
      throw new BindFailure("cannot listen on " + address, future.cause());
    }
    return future.channel();
  }

  private boolean give(Channel channel, @Nullable ByteBuf early) {
    Acceptor owner = owners.get(((java.net.InetSocketAddress) channel.localAddress()).getPort());
    if (owner == null) {
      return false;
    }
    owner.accept(channel, early);
    return true;
  }

  @Override
  public boolean rehome(Channel channel, @Nullable ByteBuf early) {
    return give(channel, early);
  }

  @Override
  public void stay(Channel channel, Farewell farewell) {}

  @Override
  public void keepWarm(String pool, Channel channel) {
    warm.computeIfAbsent(pool, any -> new ArrayDeque<>()).add(channel);
  }

  @Override
  public @Nullable Channel takeWarm(String pool, EventLoop loop) {
    Deque<Channel> kept = warm.get(pool);
    return kept == null ? null : kept.poll();
  }

  int warmConnections() {
    return warm.values().stream().mapToInt(Deque::size).sum();
  }

  @Override
  public void close() {
    sockets.values().forEach(Channel::close);
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** Gives each connection to whoever listens now. */
  @io.netty.channel.ChannelHandler.Sharable
  private static final class Entrance extends ChannelInboundHandlerAdapter {
    private final LoosePorts ports;

    Entrance(LoosePorts ports) {
      this.ports = ports;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      context.pipeline().remove(this);
      if (!ports.give(context.channel(), null)) {
        context.close();
      }
    }
  }
}
