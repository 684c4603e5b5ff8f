package dev.tenon.kernel.admit;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is at the other end of a Unix socket, as the system tells it: nobody but this process's own user and
 * root is let in, whatever became of the socket file's mode.
 */
public final class Peers {
  private static final Logger log = LoggerFactory.getLogger(Peers.class);
  private static final int ROOT = 0;
  private final Set<Integer> users;
  private final String owner;

  Peers(Set<Integer> users, String owner) {
    this.users = Set.copyOf(users);
    this.owner = owner;
  }

  /** This process's own user and root; {@code own} is any file that the process has made. */
  public static Peers of(Path own) throws IOException {
    return new Peers(new HashSet<>(List.of(ROOT, (Integer) Files.getAttribute(own, "unix:uid"))), Files.getOwner(own).getName());
  }

  /** Whether a connection may stay; one whose peer cannot be told may not. */
  public boolean admit(Channel connection) {
    try {
      String stranger = stranger(connection);
      if (stranger.isEmpty()) {
        return true;
      }
      log.warn("{} connected to the administration socket and was turned away", stranger);
    } catch (IOException | RuntimeException e) {
      log.warn("somebody unknown connected to the administration socket and was turned away: {}", e.toString());
    }
    return false;
  }

  private String stranger(Channel connection) throws IOException {
    if (connection instanceof EpollDomainSocketChannel epoll) {
      var peer = epoll.peerCredentials();
      return users.contains(peer.uid()) ? "" : "process " + peer.pid() + " of user " + peer.uid();
    }
    UnixDomainPrincipal peer = connection.config().getOption(NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED));
    String user = peer == null ? "nobody" : peer.user().getName();
    return user.equals(owner) || user.equals("root") ? "" : "a process of user " + user;
  }
}
