package dev.tenon.kernel.ports;

import dev.tenon.spi.ports.Acceptor;
import dev.tenon.spi.ports.BindFailure;
import dev.tenon.spi.ports.Farewell;
import dev.tenon.spi.ports.Listening;
import dev.tenon.spi.ports.Ports;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.net.SocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one generation of a module borrowed. Compared by identity. */
public final class LentPorts implements Ports, AutoCloseable {
  private final Doors doors;
  private final String module;
  private final Set<Door> claimed = new HashSet<>();
  private final Guests guests = new Guests();
  private volatile boolean switched;
  private boolean closed;

  LentPorts(Doors doors, String module) {
    this.doors = doors;
    this.module = module;
  }

  String module() {
    return module;
  }

  boolean switched() {
    return switched;
  }

  Guests guests() {
    return guests;
  }

  /** Accepted connections that this generation has now. */
  public int connections() {
    return guests.count();
  }

  /** Asks the connections that cannot be given away to leave. */
  public void ask() {
    guests.ask();
  }

  /**
   * Waits for them until a moment of {@link System#nanoTime()}, then ends them. What this generation still
   * has after that is cut off at its close.
   */
  public Ended end(long deadline) throws InterruptedException {
    return guests.end(deadline);
  }

  /** From now on this generation is given its module's connections. Follow it with a barrier. */
  public void switchOver() {
    switched = true;
    doors.switchOver(this);
  }

  @Override
  public EventLoopGroup loops() {
    return doors.loops().group();
  }

  @Override
  public List<EventLoop> eachLoop() {
    return doors.loops().each();
  }

  @Override
  public Class<? extends Channel> channelType() {
    return doors.loops().channelType();
  }

  @Override
  public Listening listen(SocketAddress address, Acceptor acceptor) throws BindFailure {
    synchronized (claimed) {
      if (closed) {
        throw new BindFailure("cannot listen on " + PortOwner.name(address) + ": this generation of " + module + " is over",
            new IllegalStateException("closed"));
      }
      Door door = doors.claim(this, address, acceptor);
      claimed.add(door);
      return new Borrowed(door);
    }
  }

  @Override
  public boolean rehome(Channel channel, @Nullable ByteBuf early) {
    Door door = channel.attr(Door.CAME_BY).get();
    if (door == null || door.current == null) {
      return false;
    }
    channel.config().setAutoRead(false);
    return door.give(channel, early);
  }

  @Override
  public void stay(Channel channel, Farewell farewell) {
    guests.stay(channel, farewell);
  }

  @Override
  public void keepWarm(String pool, Channel channel) {
    doors.warm().keep(pool, channel);
  }

  @Override
  public @Nullable Channel takeWarm(String pool, EventLoop loop) {
    return doors.warm().take(pool, loop);
  }

  /** Whether it listens anywhere. */
  public boolean listens() {
    synchronized (claimed) {
      return !claimed.isEmpty();
    }
  }

  /** Stops accepting for this generation, unless a newer one has its addresses already. */
  public void shut() {
    synchronized (claimed) {
      claimed.forEach(door -> doors.drop(door, this));
      claimed.clear();
    }
  }

  @Override
  public void close() {
    synchronized (claimed) {
      closed = true;
    }
    shut();
    guests.close();
  }

  /** One address of this generation's. */
  private final class Borrowed implements Listening {
    private final Door door;

    Borrowed(Door door) {
      this.door = door;
    }

    @Override
    public SocketAddress address() {
      return door.address;
    }

    @Override
    public void close() {
      synchronized (claimed) {
        if (claimed.remove(door)) {
          doors.drop(door, LentPorts.this);
        }
      }
    }
  }
}
