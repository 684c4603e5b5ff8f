package dev.tenon.proxy.serve;

import dev.tenon.proxy.compile.RetrySpec;
import dev.tenon.proxy.http.Head;
import dev.tenon.proxy.loop.LoopState;
import dev.tenon.proxy.request.Call;
import dev.tenon.proxy.upstream.Cluster;
import dev.tenon.proxy.upstream.Host;
import dev.tenon.proxy.upstream.PickView;
import dev.tenon.proxy.upstream.UpstreamConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request is tried once more, where, and after which pause. Belongs to a {@link Forwarding}
 * and is used again with it.
 */
final class Repeats {
  private static final long BACK_OFF = TimeUnit.MILLISECONDS.toNanos(25);
  private static final long LONGEST_BACK_OFF = TimeUnit.MILLISECONDS.toNanos(250);

  private final LoopState loop;
  private final List<Host> tried = new ArrayList<>(4);
  private @Nullable RetrySpec spec;
  private boolean counted;
  private boolean staleOnce;
  private int retries;

  Repeats(LoopState loop) {
    this.loop = loop;
  }

  void clear() {
    spec = null;
    counted = false;
    staleOnce = false;
    retries = 0;
    if (!tried.isEmpty()) {
      tried.clear();
    }
  }

  void begin(@Nullable RetrySpec by) {
    spec = by;
  }

  /** What the route says of retries; null: nothing. */
  @Nullable RetrySpec spec() {
    return spec;
  }

  /** Whether the present attempt is not the first. */
  boolean repeating() {
    return retries > 0 || staleOnce;
  }

  /**
   * An endpoint to call, or null when there is none.
   *
   * @param view to ask a plug-in with, if the cluster is balanced by one
   */
  @Nullable Host pick(Cluster from, Call call, PickView view) {
    view.show(call, tried, retries);
    Host picked = from.next(view);
    RetrySpec by = spec;
    if (picked == null || by == null || !by.otherHosts() || tried.isEmpty()) {
      return picked;
    }
    for (int i = 0; i < Math.max(1, by.selections()) && tried.contains(picked); i++) {
      picked = from.next(view);
    }
    if (picked == null || !tried.contains(picked)) {
      return picked;
    }
    // Drawing lots gives the same one again and again where it is the idlest, being dead: Envoy then calls it once more.
    Host other = from.otherThan(tried);
    return other == null ? picked : other;
  }

  /** Whether one more retry is allowed; then it is counted. */
  boolean take(RetrySpec by, Cluster to, @Nullable Host lost) {
    if (retries >= by.retries() || !(counted || to.retry())) {
      return false;
    }
    counted = true;
    retries++;
    to.counters().retries++;
    if (lost != null) {
      tried.add(lost);
    }
    return true;
  }

  /** How long to wait before the retry that was allowed, in nanoseconds. */
  long pause() {
    return loop.chance().below(Math.min(LONGEST_BACK_OFF, BACK_OFF << Math.min(retries - 1, 10)));
  }

  /**
   * Whether a request without an answer may silently go once more, over a fresh connection, since the
   * other end left while the request was on its way: nobody has seen it. Said once for each request.
   */
  boolean stale(UpstreamConnection lost, Head head) {
    if (staleOnce || !lost.reused() || lost.answering() || !idempotent(head)) {
      return false;
    }
    staleOnce = true;
    return true;
  }

  /** RFC 9110 section 9.2.2. */
  private static boolean idempotent(Head head) {
    return head.method("GET")
        || head.method("HEAD")
        || head.method("OPTIONS")
        || head.method("PUT")
        || head.method("DELETE")
        || head.method("TRACE");
  }

  /** The request is over. */
  void end(@Nullable Cluster to) {
    if (counted && to != null) {
      counted = false;
      to.retried();
    }
  }
}
