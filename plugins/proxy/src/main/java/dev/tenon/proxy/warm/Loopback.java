package dev.tenon.proxy.warm;

import dev.tenon.spi.ports.Acceptor;
import dev.tenon.spi.ports.Farewell;
import dev.tenon.spi.ports.Listening;
import dev.tenon.spi.ports.Ports;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ports without sockets: whoever asks for a connection to an upstream is given one that ends in memory. */
final class Loopback implements Ports {
  private final EventLoop loop;
  private final List<Pipe> upstreams = new ArrayList<>();

  Loopback(EventLoop loop) {
    this.loop = loop;
  }

  /** Every upstream that was written to answers so. */
  void answer(byte[] bytes, int split) {
    for (int i = 0; i < upstreams.size(); i++) {
      Pipe upstream = upstreams.get(i);
      if (upstream.sent() != 0) {
        upstream.receive(bytes, 0, split);
        if (split < bytes.length) {
          upstream.receive(bytes, split, bytes.length);
        }
      }
    }
  }

  /** How many there are. */
  int upstreams() {
    return upstreams.size();
  }

  void close() {
    upstreams.forEach(Pipe::finishAndReleaseAll);
  }

  @Override
  public Channel takeWarm(String pool, EventLoop of) {
    Pipe upstream = Pipe.of(upstreams.size() + 1);
    upstreams.add(upstream);
    return upstream;
  }

  @Override
  public void keepWarm(String pool, Channel channel) {
    channel.close();
  }

  @Override
  public EventLoopGroup loops() {
    return loop;
  }

  @Override
  public List<EventLoop> eachLoop() {
    return List.of(loop);
  }

  @Override
  public Class<? extends Channel> channelType() {
    return Pipe.class;
  }

  @Override
  public Listening listen(SocketAddress address, Acceptor acceptor) {
    throw new UnsupportedOperationException("nobody listens in memory");
  }

  @Override
  public boolean rehome(Channel channel, @Nullable ByteBuf early) {
    return false;
  }

  @Override
  public void stay(Channel channel, Farewell farewell) {}
}
