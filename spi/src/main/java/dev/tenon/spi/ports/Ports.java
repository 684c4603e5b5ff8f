package dev.tenon.spi.ports;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's sockets and event loops, on loan to one module.
 *
 * <p>Every listening socket belongs to the kernel. While two generations of a module run side by side
 * both may listen on one address: the kernel goes on giving connections to the old one until it
 * switches, then to the new one. After the switch and its barrier the old generation is given nothing
 * more; it hands its idle connections over with {@link #rehome}, and says of those that it cannot hand over
 * that they {@link #stay}. What is still open at the drain deadline is closed.
 */
public interface Ports {
  /** The event loops, one for each core that this process may use. Never shut them down. */
  EventLoopGroup loops();

  /** The loops one by one, in a fixed order. */
  List<EventLoop> eachLoop();

  /** The class of outbound stream channels that fits {@link #loops()}. */
  Class<? extends Channel> channelType();

  /**
   * Listens on an address. Before the module's switch nothing is accepted for it unless no other
   * generation has the address.
   *
   * @throws BindFailure when the address cannot be had; says which, why, and by whom it is taken if
   *     that can be known
   */
  Listening listen(SocketAddress address, Acceptor acceptor) throws BindFailure;

  /**
   * Gives an accepted connection back for the generation that now owns its listening address. Call on
   * the channel's loop, at a boundary between two requests, with the pipeline stripped of the
   * caller's handlers.
   *
   * @param early what was read and not used, or null; ownership passes to the kernel
   * @return false when nobody listens on its address any more; then the caller keeps it
   */
  boolean rehome(Channel channel, @Nullable ByteBuf early);

  /**
   * Says of an accepted connection that it stays with this generation for as long as it lives. The kernel
   * lists it while a newer generation serves, asks it to leave when this one drains, and ends it at the
   * drain deadline. Call on the channel's loop; counts until the channel closes or is re-homed.
   */
  void stay(Channel channel, Farewell farewell);

  /**
   * Keeps an idle outbound connection for the generation to come. Call on the channel's loop, with
   * the pipeline stripped. The kernel closes it when nobody takes it within a minute.
   *
   * @param pool which connections are alike: address and everything negotiated on it
   */
  void keepWarm(String pool, Channel channel);

  /** Takes a connection kept by {@link #keepWarm} on this loop, or null. Call on the loop. */
  @Nullable Channel takeWarm(String pool, EventLoop loop);
}
