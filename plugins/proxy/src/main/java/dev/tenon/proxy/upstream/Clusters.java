package dev.tenon.proxy.upstream;

import dev.tenon.proxy.compile.ClusterSpec;
import dev.tenon.proxy.loop.LoopState;
import dev.tenon.proxy.loop.Timer;
import dev.tenon.spi.ports.Ports;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** All clusters of one loop, brought up to date with the present generation. */
public final class Clusters {
  private static final long SWEEP = TimeUnit.SECONDS.toNanos(20);
  private static final long IDLE = TimeUnit.SECONDS.toNanos(60);

  private final LoopState loop;
  private final Connector connector;
  private final ConcurrentMap<String, Usage> usages;
  private final Plugged plugged;
  private final Map<String, Cluster> byName = new HashMap<>();
  private final List<Cluster> leaving = new ArrayList<>();
  private Map<String, ClusterSpec> adopted = Map.of();
  private boolean draining;
  private final Timer sweep =
      new Timer() {
        @Override
        protected void expired() {
          sweep();
        }
      };

  /**
   * The clusters of a loop.
   *
   * @param usages shared by all loops
   * @param plugged who balances where a plug-in is to
   */
  public Clusters(LoopState loop, Ports ports, ConcurrentMap<String, Usage> usages, Plugged plugged) {
    this.loop = loop;
    this.connector = new Connector(ports, loop.executor());
    this.usages = usages;
    this.plugged = plugged;
    loop.timers().armIn(sweep, SWEEP);
  }

  /** Takes the clusters of a generation; costs in proportion to what changed. */
  @SuppressWarnings("ReferenceEquality") // the very same map needs no look
  public void adopt(Map<String, ClusterSpec> specs) {
    if (specs == adopted) {
      return;
    }
    adopted = specs;
    byName.entrySet().removeIf(entry -> {
      boolean gone = !specs.containsKey(entry.getKey());
      if (gone) {
        entry.getValue().retire();
        leaving.add(entry.getValue());
      }
      return gone;
    });
    for (ClusterSpec spec : specs.values()) {
      Cluster cluster = byName.get(spec.name());
      if (cluster == null) {
        Usage usage = usages.computeIfAbsent(spec.name(), name -> new Usage());
        byName.put(spec.name(), new Cluster(spec, loop, connector, usage, plugged));
      } else if (!spec.equals(cluster.spec())) {
        cluster.adopt(spec);
      }
    }
    if (draining) {
      byName.values().forEach(Cluster::retire);
    }
  }

  /** The cluster of a name. */
  public @Nullable Cluster find(String name) {
    return byName.get(name);
  }

  /** Has each drop what it keeps of plug-ins that are gone. */
  public void look() {
    byName.values().forEach(Cluster::look);
    leaving.forEach(Cluster::look);
  }

  /** All of them. */
  public Collection<Cluster> all() {
    return byName.values();
  }

  /**
   * From now on each idle connection goes.
   *
   * @param heir to the generation to come; else it is closed
   */
  public void drain(boolean heir) {
    draining = true;
    connector.keep(heir);
    byName.values().forEach(Cluster::retire);
    leaving.forEach(Cluster::retire);
  }

  private void sweep() {
    long before = System.nanoTime() - IDLE;
    byName.values().forEach(cluster -> cluster.closeIdleSince(before));
    leaving.removeIf(cluster -> cluster.counters().connectionsActive == 0);
    loop.timers().armIn(sweep, SWEEP);
  }
}
