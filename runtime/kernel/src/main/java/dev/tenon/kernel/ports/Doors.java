package dev.tenon.kernel.ports;

import dev.tenon.spi.ports.Acceptor;
import dev.tenon.spi.ports.BindFailure;
import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every listening socket of the process. A socket is opened when the first generation asks for its
 * address and shut when the last lets it go; between two generations it changes hands by one volatile
 * write.
 *
 * <p>Thread-safe; binding happens on the caller's thread and waits for no loop.
 */
public final class Doors implements AutoCloseable {
  private final Loops loops;
  private final WarmPool warm;
  private final Map<SocketAddress, Door> doors = new HashMap<>();
  private final List<ServerChannel> own = new ArrayList<>();

  public Doors(Loops loops) {
    this.loops = loops;
    this.warm = new WarmPool(loops);
  }

  Loops loops() {
    return loops;
  }

  WarmPool warm() {
    return warm;
  }

  /** What one generation of a module borrows. */
  public LentPorts lend(String module) {
    return new LentPorts(this, module);
  }

  /**
   * Listens for the kernel itself. The taker is given each connection on the listening loop, before it
   * is registered anywhere.
   */
  public synchronized void listen(InetSocketAddress address, Consumer<Channel> taker) throws BindFailure {
    try {
      begin(Sockets.listen(loops.epoll(), address), taker);
    } catch (IOException e) {
      throw PortOwner.explain(address, e);
    }
  }

  /** The same on a Unix socket, at a path that is free. */
  public synchronized void listen(Path path, Consumer<Channel> taker) throws IOException {
    begin(Sockets.listen(loops.epoll(), path), taker);
  }

  private void begin(ServerChannel channel, Consumer<Channel> taker) {
    own.add(channel);
    channel.pipeline().addLast(new Accepting(taker));
    loops.group().register(channel);
  }

  synchronized Door claim(LentPorts owner, SocketAddress address, Acceptor acceptor) throws BindFailure {
    Door.Claim claim = new Door.Claim(owner, acceptor);
    Door door = doors.get(address);
    if (door == null) {
      return open(owner, address, claim);
    }
    Door.Claim current = door.current;
    boolean mine = current != null && current.owner().equals(owner);
    if (!door.module.equals(owner.module()) || mine || door.next != null) {
      throw new BindFailure(
          "cannot listen on " + PortOwner.name(address) + ": the module " + door.module + " of this process listens there", new IOException("in use"));
    }
    if (owner.switched()) {
      door.current = claim;
    } else {
      door.next = claim;
    }
    return door;
  }

  private Door open(LentPorts owner, SocketAddress address, Door.Claim claim) throws BindFailure {
    if (!(address instanceof InetSocketAddress internet) || internet.isUnresolved()) {
      throw new BindFailure("cannot listen on " + address + ": not an IP address with a port", new IOException("unsupported"));
    }
    try {
      Door door = new Door(loops, Sockets.listen(loops.epoll(), internet), owner.module(), claim);
      doors.put(door.address, door);
      door.open();
      return door;
    } catch (IOException e) {
      throw PortOwner.explain(internet, e);
    }
  }

  /** Gives the new generation every door it claimed, and shuts those of the old one that it did not. */
  synchronized void switchOver(LentPorts to) {
    for (Door door : List.copyOf(doors.values())) {
      Door.Claim next = door.next;
      Door.Claim current = door.current;
      if (next != null && next.owner().equals(to)) {
        door.next = null;
        door.current = next;
      } else if (door.module.equals(to.module()) && current != null && !current.owner().equals(to)) {
        shut(door);
      }
    }
  }

  /** Drops one claim; shuts the door when nobody else has one. */
  synchronized void drop(Door door, LentPorts owner) {
    Door.Claim next = door.next;
    if (next != null && next.owner().equals(owner)) {
      door.next = null;
      next = null;
    }
    Door.Claim current = door.current;
    if (current != null && current.owner().equals(owner)) {
      door.next = null;
      if (next == null) {
        shut(door);
      } else {
        door.current = next;
      }
    }
  }

  private void shut(Door door) {
    doors.remove(door.address, door);
    door.shut();
  }

  /** Who is given the connections of an address, for tests and messages. */
  synchronized @Nullable String owner(SocketAddress address) {
    Door door = doors.get(address);
    return door == null ? null : door.module;
  }

  @Override
  public synchronized void close() {
    own.forEach(each -> each.close().awaitUninterruptibly(1_000));
    List.copyOf(doors.values()).forEach(this::shut);
  }
}
