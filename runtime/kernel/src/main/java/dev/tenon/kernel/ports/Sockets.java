package dev.tenon.kernel.ports;

import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;

/** Opens listening sockets on the caller's own thread: no loop is waited for, so a loop may ask too. */
final class Sockets {
  private static final int BACKLOG = 1024;

  private Sockets() {}

  /** A channel that listens already, not yet registered. */
  static ServerChannel listen(boolean epoll, InetSocketAddress address) throws IOException {
    return epoll ? epoll(address) : nio(address);
  }

  private static ServerChannel epoll(InetSocketAddress address) throws IOException {
    LinuxSocket socket = LinuxSocket.newSocketStream(
        address.getAddress() instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6);
    try {
      socket.setReuseAddress(true);
      socket.bind(address);
      socket.listen(BACKLOG);
      return new EpollServerSocketChannel(socket.intValue());
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static ServerChannel nio(InetSocketAddress address) throws IOException {
    ServerSocketChannel socket = ServerSocketChannel.open(
        address.getAddress() instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
    try {
      socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      socket.bind(address, BACKLOG);
      return new NioServerSocketChannel(socket);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** The same for a Unix socket at a path that is free. */
  static ServerChannel listen(boolean epoll, Path path) throws IOException {
    if (epoll) {
      LinuxSocket socket = LinuxSocket.newSocketDomain();
      try {
        socket.bind(new DomainSocketAddress(path.toString()));
        socket.listen(BACKLOG);
        return new EpollServerDomainSocketChannel(socket.intValue(), true);
      } catch (IOException | RuntimeException e) {
        socket.close();
        throw e;
      }
    }
    ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      socket.bind(UnixDomainSocketAddress.of(path), BACKLOG);
      return new NioServerDomainSocketChannel(socket);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }
}
