package dev.tenon.proxy.upstream;

import dev.tenon.proxy.compile.ClusterSpec;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one loop to one endpoint. The one used last is lent first, so that few stay warm
 * and the rest grow old.
 */
final class Pool {
  private final Host host;
  private final Cluster cluster;
  private final Deque<UpstreamConnection> idle = new ArrayDeque<>();
  private final Deque<Caller> waiting = new ArrayDeque<>();
  private int open;
  private boolean retired;

  Pool(Host host, Cluster cluster) {
    this.host = host;
    this.cluster = cluster;
  }

  Host host() {
    return host;
  }

  /** Which kept connections fit: same endpoint, same source. */
  String warmKey() {
    return "http1 " + host.text() + " from " + cluster.spec().source().map(a -> a.getHostAddress()).orElse("any");
  }

  /**
   * Lends a connection, now or later.
   *
   * @param fresh whether an idle one will not do, because one just turned out to be stale
   */
  void lend(Caller caller, boolean fresh) {
    UpstreamConnection connection;
    while (!fresh && (connection = idle.pollLast()) != null) {
      if (connection.lend(caller)) {
        caller.connected(connection);
        return;
      }
      connection.close();
    }
    UpstreamConnection warm = fresh ? null : takeWarm();
    if (warm != null && warm.lend(caller)) {
      caller.connected(warm);
      return;
    }
    ClusterSpec.Limits limits = cluster.spec().limits();
    if (!Usage.take(cluster.usage().pending, limits.pendingRequests())) {
      cluster.counters().pendingOverflow++;
      caller.refused(Reset.OVERFLOW, "");
      return;
    }
    waiting.addLast(caller);
    // Each loop may have one connection whatever the others have, or a request could wait for ever.
    if (open == 0) {
      cluster.usage().connections.incrementAndGet();
      connect();
    } else if (Usage.take(cluster.usage().connections, limits.connections())) {
      connect();
    } else {
      cluster.counters().connectionOverflow++;
    }
  }

  /** A caller that waits gives up. */
  void forget(Caller caller) {
    if (waiting.remove(caller)) {
      cluster.usage().pending.decrementAndGet();
    }
  }

  private @Nullable UpstreamConnection takeWarm() {
    Channel channel = cluster.connector().takeWarm(warmKey());
    if (channel == null) {
      return null;
    }
    UpstreamConnection connection = new UpstreamConnection(cluster.loop(), this);
    connection.open(channel);
    open++;
    cluster.usage().connections.incrementAndGet();
    cluster.counters().connectionsActive++;
    channel.pipeline().addLast(connection);
    channel.config().setAutoRead(true);
    return connection;
  }

  private void connect() {
    open++;
    cluster.counters().connections++;
    cluster.counters().connectionsActive++;
    UpstreamConnection connection = new UpstreamConnection(cluster.loop(), this);
    cluster.connector().connect(host.spec().address(), cluster.spec(), connection, this::established, this::failed);
  }

  private void established(UpstreamConnection connection) {
    if (retired && waiting.isEmpty()) {
      connection.close();
      return;
    }
    offer(connection);
    cluster.loop().flush();
  }

  private void failed(Reset reset, String detail) {
    leftOne();
    cluster.counters().connectFailures++;
    Caller caller = waiting.pollFirst();
    if (caller != null) {
      cluster.usage().pending.decrementAndGet();
      caller.refused(reset, detail);
      cluster.loop().flush();
    }
  }

  void released(UpstreamConnection connection) {
    if (retired && waiting.isEmpty()) {
      putAway(connection);
    } else {
      offer(connection);
    }
  }

  private void offer(UpstreamConnection connection) {
    Caller caller = waiting.pollFirst();
    if (caller == null) {
      connection.idleSince(System.nanoTime());
      idle.addLast(connection);
      return;
    }
    cluster.usage().pending.decrementAndGet();
    if (connection.lend(caller)) {
      caller.connected(connection);
    } else {
      waiting.addFirst(caller);
      cluster.usage().pending.incrementAndGet();
      connection.close();
    }
  }

  void closed(UpstreamConnection connection) {
    idle.remove(connection);
    leftOne();
    // Whoever waits for a connection of a full cluster may have this one's place.
    if (waiting.size() > 0
        && (open == 0 || waiting.size() > open)
        && Usage.take(cluster.usage().connections, cluster.spec().limits().connections())) {
      connect();
    }
  }

  private void leftOne() {
    open--;
    cluster.counters().connectionsActive--;
    cluster.usage().connections.decrementAndGet();
  }

  /** Closes connections that were idle since before a time. */
  void closeIdleSince(long nanos) {
    while (!idle.isEmpty() && idle.peekFirst().idleSince() - nanos < 0) {
      UpstreamConnection old = idle.pollFirst();
      if (old != null) {
        old.close();
      }
    }
  }

  /** The endpoint is no more, or the module drains: connections go when they are idle. */
  void retire() {
    retired = true;
    UpstreamConnection connection;
    while ((connection = idle.pollLast()) != null) {
      putAway(connection);
    }
  }

  private void putAway(UpstreamConnection connection) {
    if (!cluster.connector().keeping()) {
      connection.close();
      return;
    }
    Channel channel = connection.channel();
    leftOne();
    channel.config().setAutoRead(false);
    channel.pipeline().remove(connection);
    cluster.connector().keepWarm(warmKey(), channel);
  }
}
