package dev.tenon.proxy.upstream;

import dev.tenon.proxy.compile.ClusterSpec;
import dev.tenon.proxy.compile.EndpointSpec;
import dev.tenon.proxy.loop.LoopState;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.traffic.Picker;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One cluster as one loop sees it: its endpoints, their pools, and whose turn it is. */
public final class Cluster {
  private static final Host[] NOBODY = {};

  private final LoopState loop;
  private final Connector connector;
  private final Usage usage;
  private final Counters counters = new Counters();
  private final Map<InetSocketAddress, Host> hosts = new HashMap<>();
  private ClusterSpec spec;
  private Host[] candidates = NOBODY;
  private int healthy;
  private boolean panic;
  private Balancer balancer;
  private final Plugged plugged;
  private @Nullable PlugPicker plug;

  Cluster(ClusterSpec spec, LoopState loop, Connector connector, Usage usage, Plugged plugged) {
    this.loop = loop;
    this.connector = connector;
    this.usage = usage;
    this.plugged = plugged;
    this.spec = spec;
    this.balancer = Balancer.of(spec.balancing(), candidates, loop.chance());
    adopt(spec);
  }

  /** Takes a new description; endpoints that stay keep their connections. */
  void adopt(ClusterSpec next) {
    boolean otherSource = !next.source().equals(spec.source());
    spec = next;
    Map<InetSocketAddress, Host> before = new HashMap<>(hosts);
    hosts.clear();
    List<Host> all = new ArrayList<>();
    List<Host> well = new ArrayList<>();
    for (EndpointSpec endpoint : next.endpoints()) {
      Host host = otherSource ? null : before.remove(endpoint.address());
      if (host == null) {
        host = new Host(endpoint, this);
      } else {
        host.adopt(endpoint);
      }
      if (hosts.put(endpoint.address(), host) == null) {
        all.add(host);
        if (endpoint.health() == Health.HEALTHY) {
          well.add(host);
        }
      }
    }
    before.values().forEach(host -> host.pool().retire());
    healthy = well.size();
    // Too few well ones would be overrun: then all are called, as Envoy does in panic.
    panic = well.size() * 100L < (long) all.size() * next.panicPercent();
    candidates = (panic ? all : well).toArray(Host[]::new);
    balancer = Balancer.of(next.balancing(), candidates, loop.chance());
    plug = plugged.picker(next, plug);
    if (plug != null) {
      plug.among(candidates);
    }
  }

  /** Drops what it keeps of a plug-in that is gone, and takes to one that has come. */
  void look() {
    if (plug != null) {
      plug.look();
    }
  }

  /** The endpoint for a request, or null when there is none. */
  public @Nullable Host next(PickView wanted) {
    if (plug == null || candidates.length == 0) {
      return next();
    }
    int picked = plug.pick(wanted);
    if (picked == PlugPicker.STANDARD) {
      counters.balancerFallbacks++;
      return next();
    }
    if (panic) {
      counters.healthyPanic++;
    }
    return picked == Picker.NONE ? null : candidates[picked];
  }

  /** The endpoint whose turn it is, or null when there is none. */
  public @Nullable Host next() {
    if (panic) {
      counters.healthyPanic++;
    }
    return candidates.length == 0 ? null : candidates.length == 1 ? candidates[0] : balancer.next();
  }

  /** An endpoint that is none of these, or null when there is no other; begins to look at a random one. */
  public @Nullable Host otherThan(Collection<Host> these) {
    if (candidates.length == 0) {
      return null;
    }
    int start = (int) loop.chance().below(candidates.length);
    for (int i = 0; i < candidates.length; i++) {
      Host host = candidates[(start + i) % candidates.length];
      if (!these.contains(host)) {
        return host;
      }
    }
    return null;
  }

  /**
   * Lends a connection to an endpoint, now or later; {@link Caller#connected} or {@link
   * Caller#refused} is called, perhaps before this returns.
   *
   * @param fresh not one that was used before
   */
  public void call(Host host, Caller caller, boolean fresh) {
    host.pool().lend(caller, fresh);
  }

  /** A caller that waits for a connection gives up. */
  public void forget(Host host, Caller caller) {
    host.pool().forget(caller);
  }

  /** Whether one more request may go to it; then {@link #ended} is owed. */
  public boolean began() {
    if (!Usage.take(usage.requests, spec.limits().requests())) {
      counters.pendingOverflow++;
      return false;
    }
    counters.requests++;
    counters.requestsActive++;
    return true;
  }

  /** A request that began is over. */
  public void ended() {
    counters.requestsActive--;
    usage.requests.decrementAndGet();
  }

  /** Whether one more retry may be under way; then {@link #retried} is owed. */
  public boolean retry() {
    return Usage.take(usage.retries, spec.limits().retries());
  }

  /** A retry is over. */
  public void retried() {
    usage.retries.decrementAndGet();
  }

  public ClusterSpec spec() {
    return spec;
  }

  public Counters counters() {
    return counters;
  }

  /** How many endpoints there are. */
  public int members() {
    return hosts.size();
  }

  /** How many of them are well. */
  public int healthy() {
    return healthy;
  }

  Usage usage() {
    return usage;
  }

  LoopState loop() {
    return loop;
  }

  Connector connector() {
    return connector;
  }

  void closeIdleSince(long nanos) {
    hosts.values().forEach(host -> host.pool().closeIdleSince(nanos));
  }

  void retire() {
    hosts.values().forEach(host -> host.pool().retire());
  }
}
