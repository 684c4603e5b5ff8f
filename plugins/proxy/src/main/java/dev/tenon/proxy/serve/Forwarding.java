package dev.tenon.proxy.serve;

import dev.tenon.proxy.compile.RetrySpec;
import dev.tenon.proxy.compile.Route;
import dev.tenon.proxy.compile.RouteAction;
import dev.tenon.proxy.compile.WeightedCluster;
import dev.tenon.proxy.http.Body;
import dev.tenon.proxy.http.Head;
import dev.tenon.proxy.http.Problem;
import dev.tenon.proxy.loop.LoopState;
import dev.tenon.proxy.request.Failure;
import dev.tenon.proxy.request.Flags;
import dev.tenon.proxy.request.Retries;
import dev.tenon.proxy.upstream.Caller;
import dev.tenon.proxy.upstream.Cluster;
import dev.tenon.proxy.upstream.Host;
import dev.tenon.proxy.upstream.Reset;
import dev.tenon.proxy.upstream.UpstreamConnection;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request to an endpoint, perhaps to another one after that, and its answer back. Belongs to
 * an {@link Exchange} and is used again with it.
 */
final class Forwarding implements Caller {
  private final Exchange x;
  private final Lane lane;
  private final LoopState loop;
  private final Deadlines deadlines;
  private final Repeats repeats;
  private final Passage passage;
  private @Nullable Route route;
  private RouteAction.@Nullable Forward action;
  private @Nullable WeightedCluster share;
  private @Nullable Cluster cluster;
  private @Nullable Host host;
  private @Nullable UpstreamConnection connection;
  private boolean active;
  private boolean attempting;
  private boolean wantFresh;
  private long attemptNanos;
  private long serviceMillis;
  private String upstream = "-";

  Forwarding(Exchange x, Lane lane) {
    this.x = x;
    this.lane = lane;
    this.loop = lane.loop();
    this.deadlines = new Deadlines(loop.timers(), this::late);
    this.repeats = new Repeats(loop);
    this.passage = new Passage(x, lane, deadlines);
  }

  void clear() {
    route = null;
    action = null;
    share = null;
    cluster = null;
    host = null;
    connection = null;
    active = false;
    attempting = false;
    wantFresh = false;
    serviceMillis = -1;
    upstream = "-";
    repeats.clear();
    passage.clear();
  }

  String clusterName() {
    WeightedCluster chosen = share;
    return chosen == null ? "" : chosen.cluster();
  }

  long serviceMillis() {
    return serviceMillis;
  }

  /** {@code address:port} of the endpoint last called, or a hyphen. */
  String upstream() {
    return upstream;
  }

  /** The bytes that pass. */
  Passage passage() {
    return passage;
  }

  /** Whether the body is on its way and more of it can follow at once. */
  boolean streaming() {
    return connection != null && !x.body().done();
  }

  void begin(Route by, RouteAction.Forward what) {
    route = by;
    action = what;
    active = true;
    repeats.begin(what.retry().orElse(null));
    WeightedCluster chosen = choose(what);
    share = chosen;
    Cluster found = lane.clusters().find(chosen.cluster());
    if (found == null) {
      lane.complaints().say("route {} leads to cluster {}, which is not known", by.name(), chosen.cluster());
      x.fail(new Failure.NoCluster(chosen.cluster()));
      return;
    }
    cluster = found;
    // Not the request's beginning: what a fault or a check took is nobody's time-out.
    attemptNanos = System.nanoTime();
    deadlines.begin(what, x.http().limits().streamIdle().toNanos(), attemptNanos);
    attempt(found);
  }

  private WeightedCluster choose(RouteAction.Forward what) {
    List<WeightedCluster> clusters = what.clusters();
    if (clusters.size() == 1) {
      return clusters.get(0);
    }
    long place = loop.chance().below(what.totalWeight());
    for (int i = 0; i < clusters.size(); i++) {
      place -= clusters.get(i).weight();
      if (place < 0) {
        return clusters.get(i);
      }
    }
    throw new AssertionError("weights beyond their sum");
  }

  private void attempt(Cluster to) {
    Host next = repeats.pick(to, x.call(), lane.pickView());
    if (next == null) {
      to.counters().noEndpoint++;
      lane.complaints().say("cluster {} has no endpoint to call", to.spec().name());
      x.fail(new Failure.NoEndpoint());
      return;
    }
    if (!to.began()) {
      x.fail(Reset.OVERFLOW.failure(""));
      return;
    }
    host = next;
    next.began();
    attempting = true;
    upstream = next.text();
    if (repeats.repeating()) {
      attemptNanos = System.nanoTime();
    }
    RetrySpec spec = repeats.spec();
    long perTry = spec == null || spec.perTry().isEmpty() ? 0 : spec.perTry().get().toNanos();
    deadlines.attempt(perTry, attemptNanos, x.body().done());
    boolean fresh = wantFresh;
    wantFresh = false;
    to.call(next, this, fresh);
  }

  @Override
  public void connected(UpstreamConnection to) {
    connection = to;
    Route by = route;
    RouteAction.Forward what = action;
    WeightedCluster chosen = share;
    if (by == null || what == null || chosen == null) {
      throw new IllegalStateException("no request waits for this connection");
    }
    Problem broken = passage.send(to, by, chosen, what.rewrite());
    if (broken != null) {
      to.release(false);
      connection = null;
      attemptOver();
      x.bodyBroken(broken);
    }
  }

  /** More of the body. Returns the index after what belongs to it. */
  int body(ByteBuf buffer) {
    UpstreamConnection to = connection;
    if (to == null) {
      throw new IllegalStateException("no connection takes this body");
    }
    return passage.more(to, buffer, repeats.spec() != null);
  }

  @Override
  public void refused(Reset reset, String detail) {
    attemptOver();
    again(reset, detail, true);
  }

  @Override
  public void broken(Reset reset) {
    UpstreamConnection lost = connection;
    connection = null;
    if (x.answered()) {
      attemptOver();
      if (reset == Reset.CONNECTION_TERMINATION && passage.endsWithConnection()) {
        passage.finish();
        return;
      }
      x.outcome().flag(reset == Reset.PROTOCOL_ERROR ? Flags.UPSTREAM_PROTOCOL_ERROR : Flags.UPSTREAM_CONNECTION_TERMINATION);
      x.broken();
      return;
    }
    attemptOver();
    if (reset == Reset.CONNECTION_TERMINATION && lost != null && passage.repeatable() && repeats.stale(lost, x.call().head())) {
      wantFresh = true;
      Cluster to = cluster;
      if (to != null) {
        attempt(to);
      }
      return;
    }
    again(reset, "", false);
  }

  private void again(Reset reset, String detail, boolean connecting) {
    RetrySpec spec = repeats.spec();
    if (spec != null && reset != Reset.OVERFLOW && Retries.onReset(spec, connecting)) {
      if (retry(spec)) {
        return;
      }
      x.outcome().flag(Flags.UPSTREAM_RETRY_LIMIT);
    }
    x.fail(reset.failure(detail));
  }

  /** Tries once more after a pause, if that is still allowed. */
  private boolean retry(RetrySpec spec) {
    Cluster to = cluster;
    if (to == null || !passage.repeatable() || !repeats.take(spec, to, host)) {
      return false;
    }
    x.resumeAfter(repeats.pause(), () -> attempt(to));
    return true;
  }

  private void attemptOver() {
    Cluster of = cluster;
    if (attempting && of != null && host != null) {
      attempting = false;
      of.ended();
      host.ended();
    }
  }

  @Override
  public void answered(Head head, Body body, byte[] bytes, int from, int to) {
    UpstreamConnection up = connection;
    Cluster of = cluster;
    Route by = route;
    WeightedCluster chosen = share;
    if (up == null || of == null || by == null || chosen == null) {
      throw new IllegalStateException("nobody waits for this answer");
    }
    of.counters().answered(head.status());
    RetrySpec spec = repeats.spec();
    if (spec != null && Retries.onStatus(spec, head.status())) {
      if (retry(spec)) {
        connection = null;
        up.release(x.body().done());
        attemptOver();
        return;
      }
      x.outcome().flag(Flags.UPSTREAM_RETRY_LIMIT);
    }
    serviceMillis = (System.nanoTime() - attemptNanos) / 1_000_000;
    if (!passage.answer(up, head, body, bytes, from, to, by, chosen, serviceMillis)) {
      letGo();
      x.unseen();
    }
  }

  @Override
  public void answerBuffer(ByteBuf buffer) {
    UpstreamConnection up = connection;
    if (up != null) {
      passage.answer(up, buffer);
    }
  }

  void callerWritable(boolean writable) {
    UpstreamConnection up = connection;
    if (up != null && x.answered()) {
      up.reading(writable);
    }
  }

  @Override
  public void writability(boolean writable) {
    if (writable) {
      x.connection().resumeReading();
    } else if (!x.body().done()) {
      x.connection().reading(false);
    }
  }

  /** Some time is up. */
  private void late(Deadlines.Kind kind) {
    Cluster of = cluster;
    if (of == null) {
      return;
    }
    switch (kind) {
      case ROUTE -> {
        of.counters().timeouts++;
        timedOut();
      }
      case ATTEMPT -> {
        of.counters().perTryTimeouts++;
        RetrySpec spec = repeats.spec();
        letGo();
        if (spec != null && Retries.onTimeout(spec)) {
          if (retry(spec)) {
            loop.flush();
            return;
          }
          x.outcome().flag(Flags.UPSTREAM_RETRY_LIMIT);
        }
        x.fail(new Failure.TimedOut());
      }
      case IDLE -> {
        x.outcome().flag(Flags.STREAM_IDLE_TIMEOUT);
        if (x.answered()) {
          x.broken();
        } else if (x.body().done()) {
          x.fail(new Failure.TimedOut());
        } else {
          x.fail(new Failure.TooSlow(false));
        }
      }
    }
    loop.flush();
  }

  private void timedOut() {
    x.outcome().flag(Flags.UPSTREAM_TIMEOUT);
    if (x.answered()) {
      x.broken();
    } else {
      letGo();
      x.fail(new Failure.TimedOut());
    }
  }

  /** Gives up the present attempt. */
  private void letGo() {
    UpstreamConnection up = connection;
    connection = null;
    if (up != null) {
      up.release(false);
    } else if (attempting && cluster != null && host != null) {
      cluster.forget(host, this);
    }
    attemptOver();
  }

  /** The request is over: everything borrowed goes back. */
  void end() {
    if (!active) {
      return;
    }
    active = false;
    deadlines.end();
    UpstreamConnection up = connection;
    connection = null;
    if (up != null) {
      up.release(x.body().done());
    } else if (attempting && cluster != null && host != null) {
      cluster.forget(host, this);
    }
    attemptOver();
    repeats.end(cluster);
    passage.end();
    cluster = null;
    host = null;
  }
}
