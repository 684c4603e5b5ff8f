package dev.tenon.pilot.serve;

import dev.tenon.pilot.translate.ResourceType;
import dev.tenon.pilot.translate.Snapshot;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Make before break: clusters and their endpoints are taken in before listeners and routes that lead
 * to them are sent, and taken away after those that led to them are gone. A client that does not
 * answer is waited for only so long. Guarded by its conversation.
 */
final class Order {
  private final Duration patience;
  private final Map<ResourceType, Watch> watches;
  private final Consumer<Runnable> later;
  private long round;
  private long impatientWith = -1;
  private long timerOf = -1;

  /**
   * An order for one stream.
   *
   * @param later runs a task after the patience has ended
   */
  Order(Duration patience, Map<ResourceType, Watch> watches, Consumer<Runnable> later) {
    this.patience = patience;
    this.watches = watches;
    this.later = later;
  }

  /** There is a new snapshot: patience begins anew. */
  void begin() {
    round++;
  }

  /** Whether a type's turn has come; if not, it is tried again when patience ends. */
  boolean maySend(ResourceType type, Snapshot now, Runnable again) {
    boolean dependent = type == ResourceType.LDS || type == ResourceType.RDS;
    if (!dependent || impatientWith == round || patience.isZero() || clustersTakenIn(now)) {
      return true;
    }
    if (timerOf != round) {
      timerOf = round;
      long waited = round;
      later.accept(
          () -> {
            if (waited == round) {
              impatientWith = waited;
              again.run();
            }
          });
    }
    return false;
  }

  /** Whether nothing that the client has leads to what a type would take away. */
  boolean mayRemove(ResourceType type, Snapshot now) {
    return switch (type) {
      case CDS, EDS -> isSettled(ResourceType.LDS, now) && isSettled(ResourceType.RDS, now);
      case POLICY, RDS -> isSettled(ResourceType.LDS, now);
      case LDS, WORKLOAD -> true;
    };
  }

  private boolean clustersTakenIn(Snapshot now) {
    return isSettled(ResourceType.CDS, now) && isSettled(ResourceType.EDS, now) && endpointsWanted(now);
  }

  /** Whether the client has asked for the endpoints of all clusters that it has been sent. */
  private boolean endpointsWanted(Snapshot now) {
    Watch clusters = watches.get(ResourceType.CDS);
    if (clusters == null || clusters.isRefused()) {
      return true;
    }
    @Nullable Watch endpoints = watches.get(ResourceType.EDS);
    for (String name : now.of(ResourceType.EDS).keySet()) {
      boolean sent = clusters.has(name) && now.of(ResourceType.CDS).containsKey(name);
      if (sent && (endpoints == null || !endpoints.wants(name))) {
        return false;
      }
    }
    return true;
  }

  private boolean isSettled(ResourceType type, Snapshot now) {
    Watch watch = watches.get(type);
    return watch == null
        || (!watch.isInFlight() && watch.difference(now.of(type)).withoutRemovals().isEmpty());
  }
}
