package dev.tenon.pilot.serve;

import dev.tenon.pilot.scope.Proxy;
import dev.tenon.pilot.translate.Resource;
import dev.tenon.pilot.translate.ResourceType;
import dev.tenon.pilot.translate.Snapshot;
import dev.tenon.spi.model.Workload;
import dev.tenon.wire.peer.Peers;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream with one client. Both sides only leave word here: the client what it wants and thinks of
 * what it got, the hub what there is; then whatever is due is sent, type by type, at most one answer
 * of a type being under way. A client that does not read or answer is sent the latest when it does.
 *
 * <p>Thread-safe. Sending never blocks.
 *
 * @param <Q> its requests
 * @param <R> its answers
 */
abstract class Conversation<Q, R> implements StreamObserver<Q> {
  private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);

  private final Hub hub;
  private final ServerCallStreamObserver<R> out;
  private final Map<ResourceType, Watch> watches = new EnumMap<>(ResourceType.class);
  private final Order order;
  private final long sinceMillis = System.currentTimeMillis();
  private @Nullable Proxy proxy;
  private @Nullable Workload workload;
  private boolean leaving;
  private long left;
  private @Nullable Snapshot snapshot;
  private long answers;
  private boolean ended;

  Conversation(Hub hub, StreamObserver<R> out) {
    this.hub = hub;
    this.out = (ServerCallStreamObserver<R>) out;
    order = new Order(hub.limits().patience(), watches, task -> hub.later(() -> locked(task)));
    this.out.setOnReadyHandler(() -> locked(this::pump));
    this.out.setOnCancelHandler(() -> hub.leave(this));
  }

  /** Who it is with, once that is known. */
  synchronized Optional<Proxy> proxy() {
    return Optional.ofNullable(proxy);
  }

  /**
   * Its proxy's workload. One that has left the mesh is still it for a while: taking the listeners away at
   * once would turn away those callers that have not heard of it yet. Then they go: who has left the mesh is
   * not to be reached through its proxy.
   *
   * @param registered as it is registered now; null when it is not
   */
  synchronized @Nullable Workload workload(@Nullable Workload registered) {
    if (registered != null) {
      workload = registered;
      leaving = false;
    } else if (workload != null && !leaving) {
      leaving = true;
      left = System.nanoTime();
      hub.afterFarewell(this);
    } else if (leaving && System.nanoTime() - left >= hub.limits().farewell().toNanos()) {
      workload = null;
      leaving = false;
    }
    return workload;
  }

  /** There is something new, or maybe there is. */
  void update(Snapshot next) {
    locked(
        () -> {
          snapshot = next;
          order.begin();
          pump();
        });
  }

  /** Ends the stream; the client will try elsewhere, or again. */
  void end(Status status) {
    locked(() -> finish(status));
  }

  @Override
  public void onNext(Q request) {
    locked(
        () -> {
          introduce(node(request));
          Optional<ResourceType> type = ResourceType.of(url(request));
          if (type.isPresent() && knows(type.get())) {
            take(type.get(), request);
            pump();
          } else {
            LOG.debug("a client asks for {}, which is not served to it", url(request));
          }
        });
  }

  @Override
  public void onError(Throwable cause) {
    hub.leave(this);
  }

  @Override
  public void onCompleted() {
    locked(
        () -> {
          if (!ended) {
            ended = true;
            out.onCompleted();
          }
        });
    hub.leave(this);
  }

  abstract Node node(Q request);

  abstract String url(Q request);

  /** Takes note of what the client wants and has. */
  abstract void take(ResourceType type, Q request);

  /** Sends an answer, and records it. */
  abstract R answer(ResourceType type, Watch watch, Difference difference, NavigableMap<String, Resource> target);

  /** Whether anything of a difference has to be sent. */
  abstract boolean isDue(Watch watch, Difference difference, ResourceType type);

  /** The watch of a type, if there is one yet. */
  @Nullable Watch watch(ResourceType type) {
    return watches.get(type);
  }

  /** The watch of a type that the client has just asked for the first time. */
  Watch newWatch(ResourceType type) {
    Watch watch = new Watch();
    watches.put(type, watch);
    return watch;
  }

  String nextNonce() {
    return Long.toString(++answers);
  }

  /** Refuses a client that asks for more names than one may. */
  void limitNames(Collection<String> added) {
    int total = watches.values().stream().mapToInt(each -> each.names().size()).sum();
    boolean tooLong = added.stream().anyMatch(name -> name.length() > hub.limits().nameLength());
    if (tooLong || total + added.size() > hub.limits().names()) {
      throw new Refusal(
          Status.RESOURCE_EXHAUSTED.withDescription(
              "more than " + hub.limits().names() + " names on one stream, or one too long"));
    }
  }

  /** Logs what is said, for whoever has to follow a conversation. */
  void trace(String event, ResourceType type, String nonce, Object what) {
    LOG.trace("{}: {} {} nonce {} {}", proxy == null ? "?" : proxy.id(), event, type, nonce, what);
  }

  static List<String> names(List<Resource> resources) {
    return resources.stream().map(Resource::name).toList();
  }

  /** Logs what a client refused. */
  void refused(ResourceType type, String error) {
    LOG.warn("{} refused {}: {}", proxy == null ? "?" : proxy.id(), type, error);
  }

  private boolean knows(ResourceType type) {
    return proxy != null && (proxy.tenon() || !type.isTenonOnly());
  }

  private void introduce(Node node) {
    if (proxy == null) {
      proxy = Nodes.proxy(node, Peers.URIS.get());
      hub.join(this);
    }
  }

  private synchronized void locked(Runnable task) {
    if (ended) {
      return;
    }
    try {
      task.run();
    } catch (Refusal refusal) {
      LOG.warn("a client is sent away: {}", refusal.getMessage());
      finish(refusal.status());
    } catch (RuntimeException e) {
      LOG.error("a stream failed", e);
      finish(Status.INTERNAL.withDescription("the control plane failed on this stream; see its log"));
    }
  }

  private void finish(Status status) {
    if (!ended) {
      ended = true;
      out.onError(status.asRuntimeException());
      hub.leave(this);
    }
  }

  /** Sends all that is due and may be sent now. */
  private void pump() {
    Snapshot now = snapshot;
    if (now == null || ended) {
      return;
    }
    for (ResourceType type : ResourceType.values()) {
      Watch watch = watches.get(type);
      if (watch == null || watch.isInFlight()) {
        continue;
      }
      if (!out.isReady()) {
        return;
      }
      catchUp(type, watch, now.of(type));
      send(type, watch, now);
    }
  }

  /** A chance to see, now that there is something, whether the client has it already. */
  void catchUp(ResourceType type, Watch watch, NavigableMap<String, Resource> target) {}

  private void send(ResourceType type, Watch watch, Snapshot now) {
    NavigableMap<String, Resource> target = now.of(type);
    Difference difference = watch.difference(target);
    if (type == ResourceType.EDS && !difference.missing().isEmpty()) {
      difference = withEmptyClusters(difference);
    }
    boolean whole = difference.removed().isEmpty() || order.mayRemove(type, now);
    Difference due = whole ? difference : difference.withoutRemovals();
    if (isDue(watch, due, type)) {
      if (!order.maySend(type, now, this::pump)) {
        return;
      }
      if (type == ResourceType.CDS) {
        endpointsAgain(due.changed());
      }
      out.onNext(answer(type, watch, due, target));
    } else if (whole) {
      watch.taken(difference.removed());
      watch.confirm(Watch.version(watch.wanted(target)), System.currentTimeMillis());
    }
  }

  /**
   * Envoy waits for the endpoints of a cluster whenever the cluster changes, and does not always ask
   * for them: so they follow every cluster that is sent.
   */
  private void endpointsAgain(List<Resource> clusters) {
    Watch endpoints = watches.get(ResourceType.EDS);
    if (endpoints != null) {
      clusters.stream()
          .map(Resource::name)
          .filter(name -> endpoints.names().contains(name))
          .forEach(endpoints::again);
    }
  }

  /**
   * The client may have been sent a cluster that is no more by the time it asks for its endpoints. It
   * waits for them all the same, and Envoy takes in no other cluster meanwhile: so it is told that
   * there are none.
   */
  private Difference withEmptyClusters(Difference difference) {
    Watch clusters = watches.get(ResourceType.CDS);
    if (clusters == null) {
      return difference;
    }
    List<Resource> changed = new ArrayList<>(difference.changed());
    List<String> missing = new ArrayList<>(difference.missing());
    missing.removeIf(name -> clusters.has(name) && changed.add(Resource.withoutEndpoints(name)));
    return new Difference(changed, difference.removed(), missing);
  }

  /** How it stands, for an operator. */
  synchronized dev.tenon.wire.admin.v1.ProxyStatus status(boolean connected) {
    return Standing.of(proxy, connected, sinceMillis, watches, snapshot);
  }
}
