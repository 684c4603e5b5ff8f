package dev.tenon.proxy.compile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which clusters may be used. A new one may when its endpoints are there; one that changes serves as
 * it was until those of its new form are there; one that is removed while a route still leads to it
 * stays for a moment, so that the order in which a server sends things breaks nothing.
 */
final class WarmClusters {
  /** Envoy's {@code initial_fetch_timeout}: after it a cluster is taken to have no endpoints. */
  static final Duration PATIENCE = Duration.ofSeconds(15);

  /** How long a cluster that is removed may still be led to. */
  static final Duration GRACE = Duration.ofSeconds(5);

  private final Function<String, @Nullable Assignment> assignments;
  private final Part<ClusterSpec> usable = new Part<>();
  private final Map<String, Warming> warming = new HashMap<>();
  private final Map<String, Instant> leaving = new HashMap<>();
  private final Set<String> absent = new HashSet<>();

  /** What has been waited for, and since when. */
  private record Warming(ClusterDraft draft, Instant since) {}

  WarmClusters(Function<String, @Nullable Assignment> assignments) {
    this.assignments = assignments;
  }

  /** Brings one cluster up to date with its definition and its endpoints. */
  void settle(ClusterDraft draft, Instant now) {
    String name = draft.spec().name();
    leaving.remove(name);
    List<EndpointSpec> endpoints =
        draft.assignment().isEmpty() ? draft.spec().endpoints() : known(draft.assignment().get());
    if (endpoints == null) {
      Warming before = warming.get(name);
      warming.put(name, new Warming(draft, before == null ? now : before.since));
      return;
    }
    warming.remove(name);
    usable.put(name, draft.assignment().isEmpty() ? draft.spec() : draft.spec().with(endpoints));
  }

  private @Nullable List<EndpointSpec> known(String name) {
    Assignment assignment = assignments.apply(name);
    if (assignment != null) {
      absent.remove(name);
      return assignment.endpoints();
    }
    return absent.contains(name) ? List.of() : null;
  }

  /** The server says that there is no such load assignment. */
  void absent(String assignment) {
    absent.add(assignment);
  }

  /** Nobody asks for any other load assignment any more. */
  void retainAssignments(Set<String> wanted) {
    absent.retainAll(wanted);
  }

  /** A cluster is no more. */
  void remove(String name, boolean ledTo, Instant now) {
    warming.remove(name);
    if (ledTo && usable.has(name)) {
      leaving.putIfAbsent(name, now.plus(GRACE));
    } else {
      usable.remove(name);
    }
  }

  /** Lets go of removed clusters that nothing leads to any more, or whose time is over. */
  void release(Predicate<String> ledTo, Instant now) {
    leaving
        .entrySet()
        .removeIf(
            each -> {
              boolean over = !ledTo.test(each.getKey()) || now.isAfter(each.getValue());
              if (over) {
                usable.remove(each.getKey());
              }
              return over;
            });
  }

  /** Stops waiting for endpoints that do not come. Returns the clusters that are used without any. */
  List<String> giveUp(Instant now) {
    List<Warming> late = new ArrayList<>(warming.values());
    late.removeIf(each -> now.isBefore(each.since.plus(PATIENCE)));
    for (Warming each : late) {
      each.draft.assignment().ifPresent(absent::add);
      settle(each.draft, now);
    }
    return late.stream().map(each -> each.draft.spec().name()).toList();
  }

  /** Names of clusters that are waited for. A view. */
  Set<String> warming() {
    return warming.keySet();
  }

  /** Whether time alone can change something. */
  boolean waits() {
    return !warming.isEmpty() || !leaving.isEmpty();
  }

  boolean leaves() {
    return !leaving.isEmpty();
  }

  Part<ClusterSpec> usable() {
    return usable;
  }
}
