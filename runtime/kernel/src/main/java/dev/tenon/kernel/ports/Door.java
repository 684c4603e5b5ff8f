package dev.tenon.kernel.ports;

import dev.tenon.spi.ports.Acceptor;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listening socket and who is given its connections. Connections read {@link #current} once, on
 * their own loop; all other fields are guarded by {@link Doors}.
 */
final class Door {
  /** On every connection that came in by a door. */
  static final AttributeKey<Door> CAME_BY = AttributeKey.valueOf(Door.class, "door");

  private static final Logger log = LoggerFactory.getLogger(Door.class);

  /** A generation's wish for this door's connections. */
  record Claim(LentPorts owner, Acceptor acceptor) {}

  final SocketAddress address;
  final String module;
  private final Loops loops;
  private final ServerChannel server;
  volatile @Nullable Claim current;
  @Nullable Claim next;

  Door(Loops loops, ServerChannel server, String module, Claim first) {
    this.loops = loops;
    this.server = server;
    this.module = module;
    this.address = server.localAddress();
    this.current = first;
  }

  /** Begins to accept. */
  void open() {
    server.pipeline().addLast(new Accepting(this::entered));
    loops.group().register(server);
  }

  /** Stops to accept; connections that came by it live on. */
  void shut() {
    current = null;
    next = null;
    server.close();
  }

  private void entered(Channel channel) {
    channel.config().setAutoRead(false);
    channel.config().setOption(ChannelOption.TCP_NODELAY, true);
    channel.attr(CAME_BY).set(this);
    Guests.follow(channel);
    EventLoop loop = loops.group().next();
    loop.register(channel).addListener(registered -> {
      if (!registered.isSuccess()) {
        channel.unsafe().closeForcibly();
      } else if (!give(channel, null)) {
        channel.close();
      }
    });
  }

  /** Gives a connection to the present owner, on the connection's loop; false when there is none. */
  boolean give(Channel channel, @Nullable ByteBuf early) {
    Claim claim = current;
    if (claim == null) {
      return false;
    }
    claim.owner.guests().enter(channel);
    try {
      claim.acceptor.accept(channel, early);
    } catch (RuntimeException | Error e) {
      log.error("{} failed on a new connection to {}", module, address, e);
      ReferenceCountUtil.release(early);
      channel.close();
    }
    return true;
  }
}
