package dev.tenon.proxy.serve;

import dev.tenon.proxy.compile.HeaderOps;
import dev.tenon.proxy.compile.RetrySpec;
import dev.tenon.proxy.compile.Route;
import dev.tenon.proxy.compile.RouteAction;
import dev.tenon.proxy.compile.WeightedCluster;
import dev.tenon.proxy.http.Body;
import dev.tenon.proxy.http.Bytes;
import dev.tenon.proxy.http.Head;
import dev.tenon.proxy.loop.LoopState;
import dev.tenon.proxy.request.Call;
import dev.tenon.proxy.request.Failure;
import dev.tenon.proxy.request.Flags;
import dev.tenon.proxy.request.ResponseWriter.Framing;
import dev.tenon.proxy.request.Retries;
import dev.tenon.proxy.upstream.Caller;
import dev.tenon.proxy.upstream.Cluster;
import dev.tenon.proxy.upstream.Host;
import dev.tenon.proxy.upstream.Reset;
import dev.tenon.proxy.upstream.UpstreamConnection;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request to an endpoint, perhaps to another one after that, and its answer back. Belongs to
 * an {@link Exchange} and is used again with it.
 */
final class Forwarding implements Caller {
  /** A body up to this size can be sent once more. */
  private static final int MOST_KEPT = 64 * 1024;

  private static final long BACK_OFF = TimeUnit.MILLISECONDS.toNanos(25);
  private static final long LONGEST_BACK_OFF = TimeUnit.MILLISECONDS.toNanos(250);

  private final Exchange x;
  private final Lane lane;
  private final LoopState loop;
  private final Relay toUpstream;
  private final Relay toCaller;
  private final List<Host> tried = new ArrayList<>(4);
  private final Deadlines deadlines;
  private @Nullable Route route;
  private RouteAction.@Nullable Forward action;
  private @Nullable WeightedCluster share;
  private @Nullable Cluster cluster;
  private @Nullable Host host;
  private @Nullable UpstreamConnection connection;
  private @Nullable Body answer;
  private boolean active;
  private boolean attempting;
  private boolean retrying;
  private boolean staleOnce;
  private boolean wantFresh;
  private boolean kept;
  private boolean keepCaller;
  private int retries;
  private long attemptNanos;
  private long serviceMillis;
  private String upstream = "-";

  Forwarding(Exchange x, Lane lane) {
    this.x = x;
    this.lane = lane;
    this.loop = lane.loop();
    this.toUpstream = new Relay(loop);
    this.toCaller = new Relay(loop);
    this.deadlines = new Deadlines(loop.timers(), this::late);
  }

  void clear() {
    route = null;
    action = null;
    share = null;
    cluster = null;
    host = null;
    connection = null;
    answer = null;
    active = false;
    attempting = false;
    retrying = false;
    staleOnce = false;
    wantFresh = false;
    kept = true;
    retries = 0;
    serviceMillis = -1;
    upstream = "-";
    if (!tried.isEmpty()) {
      tried.clear();
    }
    toCaller.begin(Framing.SAME);
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

  /** Octets of the answer's body. */
  long sent() {
    return toCaller.passed();
  }

  /** Whether the body is on its way and more of it can follow at once. */
  boolean streaming() {
    return connection != null && !x.body().done();
  }

  void begin(Route by, RouteAction.Forward what) {
    route = by;
    action = what;
    active = true;
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
    Host next = pick(to);
    if (next == null) {
      to.counters().noEndpoint++;
      lane.complaints().say("cluster {} has no endpoint to call", to.spec().name());
      x.fail(new Failure.NoEndpoint());
      return;
    }
    if (!to.began()) {
      x.fail(failure(Reset.OVERFLOW, ""));
      return;
    }
    host = next;
    next.began();
    attempting = true;
    upstream = next.text();
    if (retries > 0 || staleOnce) {
      attemptNanos = System.nanoTime();
    }
    RetrySpec spec = retrySpec();
    long perTry = spec == null || spec.perTry().isEmpty() ? 0 : spec.perTry().get().toNanos();
    deadlines.attempt(perTry, attemptNanos, x.body().done());
    boolean fresh = wantFresh;
    wantFresh = false;
    to.call(next, this, fresh);
  }

  private @Nullable Host pick(Cluster from) {
    Host picked = from.next();
    RetrySpec spec = retrySpec();
    if (picked == null || spec == null || !spec.otherHosts() || tried.isEmpty()) {
      return picked;
    }
    for (int i = 0; i < Math.max(1, spec.selections()) && tried.contains(picked); i++) {
      picked = from.next();
    }
    if (!tried.contains(picked)) {
      return picked;
    }
    // Drawing lots gives the same one again and again where it is the idlest, being dead: Envoy then calls it once more.
    Host other = from.otherThan(tried);
    return other == null ? picked : other;
  }

  private @Nullable RetrySpec retrySpec() {
    return action == null ? null : action.retry().orElse(null);
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
    Call call = x.call();
    Bytes out = loop.out().clear();
    lane.requestWriter().write(out, call, by, chosen.request(), what.rewrite(), x.http().identity());
    to.toHead(call.head().method("HEAD"));
    Inbox in = x.connection().in();
    Body body = x.body();
    body.ofRequest(call.head());
    toUpstream.begin(Framing.SAME);
    int end = x.bodyAt();
    if (!body.done() && in.to() > end) {
      end = toUpstream.feed(body, in.bytes(), end, in.to(), out);
    }
    x.nextAt(end);
    x.received(toUpstream.passed());
    if (body.problem() != null) {
      to.release(false);
      connection = null;
      attemptOver();
      x.bodyBroken(body.problem());
      return;
    }
    loop.write(to.out(), out);
    if (body.done()) {
      deadlines.requestDone();
    } else {
      x.connection().resumeReading();
    }
  }

  /** More of the body. Returns the index after what belongs to it. */
  int body(ByteBuf buffer) {
    UpstreamConnection to = connection;
    Body body = x.body();
    if (to == null) {
      throw new IllegalStateException("no connection takes this body");
    }
    Inbox in = x.connection().in();
    int index = toUpstream.feed(body, buffer, to.out());
    x.received(toUpstream.passed());
    if (body.problem() != null) {
      x.bodyBroken(body.problem());
      return buffer.writerIndex();
    }
    keep(in, buffer, index);
    if (body.done()) {
      deadlines.requestDone();
    } else {
      deadlines.moved();
      if (!to.out().isWritable()) {
        x.connection().reading(false);
      }
    }
    return index;
  }

  /** Keeps a body that may have to be sent again, while it is small. */
  private void keep(Inbox in, ByteBuf buffer, int index) {
    int length = index - buffer.readerIndex();
    if (kept && retrySpec() != null && in.to() - x.bodyAt() + length <= MOST_KEPT) {
      in.append(buffer, buffer.readerIndex(), length);
    } else {
      kept = false;
    }
    x.nextAt(in.to());
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
      Body body = answer;
      attemptOver();
      if (reset == Reset.CONNECTION_TERMINATION && body != null && body.closed()) {
        finish(body);
        return;
      }
      x.flag(reset == Reset.PROTOCOL_ERROR ? Flags.UPSTREAM_PROTOCOL_ERROR : Flags.UPSTREAM_CONNECTION_TERMINATION);
      x.broken();
      return;
    }
    attemptOver();
    if (reset == Reset.CONNECTION_TERMINATION && lost != null && stale(lost)) {
      // The other end left while the request was on its way to it: nobody has seen the request.
      staleOnce = true;
      wantFresh = true;
      Cluster to = cluster;
      if (to != null) {
        attempt(to);
      }
      return;
    }
    again(reset, "", false);
  }

  /** Whether a request may silently go once more, over a fresh connection. */
  private boolean stale(UpstreamConnection lost) {
    return !staleOnce && lost.reused() && !lost.answering() && replayable() && idempotent();
  }

  /** RFC 9110 section 9.2.2. */
  private boolean idempotent() {
    Head head = x.call().head();
    return head.method("GET")
        || head.method("HEAD")
        || head.method("OPTIONS")
        || head.method("PUT")
        || head.method("DELETE")
        || head.method("TRACE");
  }

  /** Whether all that was sent of the body is still there. */
  private boolean replayable() {
    return kept;
  }

  private void again(Reset reset, String detail, boolean connecting) {
    RetrySpec spec = retrySpec();
    if (spec != null && reset != Reset.OVERFLOW && Retries.onReset(spec, connecting)) {
      if (retry(spec)) {
        return;
      }
      x.flag(Flags.UPSTREAM_RETRY_LIMIT);
    }
    x.fail(failure(reset, detail));
  }

  private static Failure failure(Reset reset, String detail) {
    return switch (reset) {
      case CONNECTION_FAILURE, CONNECTION_TIMEOUT ->
          new Failure.Upstream(503, Flags.UPSTREAM_CONNECTION_FAILURE, reset.text(), detail);
      case CONNECTION_TERMINATION ->
          new Failure.Upstream(503, Flags.UPSTREAM_CONNECTION_TERMINATION, reset.text(), detail);
      case OVERFLOW -> new Failure.Upstream(503, Flags.UPSTREAM_OVERFLOW, reset.text(), detail);
      case PROTOCOL_ERROR -> new Failure.Upstream(502, Flags.UPSTREAM_PROTOCOL_ERROR, reset.text(), detail);
      case NO_ENDPOINT -> new Failure.NoEndpoint();
    };
  }

  /** Tries once more after a pause, if that is still allowed. */
  private boolean retry(RetrySpec spec) {
    Cluster to = cluster;
    if (to == null || retries >= spec.retries() || !replayable() || !(retrying || to.retry())) {
      return false;
    }
    retrying = true;
    retries++;
    to.counters().retries++;
    if (host != null) {
      tried.add(host);
    }
    long most = Math.min(LONGEST_BACK_OFF, BACK_OFF << Math.min(retries - 1, 10));
    x.resumeAfter(loop.chance().below(most), () -> attempt(to));
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
    RetrySpec spec = retrySpec();
    if (spec != null && Retries.onStatus(spec, head.status())) {
      if (retry(spec)) {
        connection = null;
        up.release(x.body().done());
        attemptOver();
        return;
      }
      x.flag(Flags.UPSTREAM_RETRY_LIMIT);
    }
    serviceMillis = (System.nanoTime() - attemptNanos) / 1_000_000;
    boolean oldClient = x.call().head().minorVersion() == 0;
    Framing framing =
        switch (body.kind()) {
          case NONE, LENGTH -> Framing.SAME;
          case CHUNKED -> oldClient ? Framing.UNTIL_CLOSE : Framing.SAME;
          case UNTIL_CLOSE -> oldClient ? Framing.UNTIL_CLOSE : Framing.CHUNKED;
        };
    boolean keep = framing != Framing.UNTIL_CLOSE && x.persistent() && x.bodyDone();
    Bytes out = loop.out().clear();
    lane.responseWriter()
        .relayed(out, head, chosen.response(), by.response(), serviceMillis, framing, x.connectionMode(keep));
    x.answering(head.status());
    deadlines.answering();
    answer = body;
    toCaller.begin(framing);
    keepCaller = keep;
    int end = body.done() ? from : toCaller.feed(body, bytes, from, to, out);
    if (end < to) {
      up.spoiled();
    }
    if (body.problem() != null) {
      malformed();
      return;
    }
    loop.write(x.connection().channel(), out);
    if (body.done()) {
      finish(body);
    } else {
      pace(up);
    }
  }

  @Override
  public void answerBuffer(ByteBuf buffer) {
    Body body = answer;
    UpstreamConnection up = connection;
    if (body == null || up == null) {
      return;
    }
    int end = toCaller.feed(body, buffer, x.connection().channel());
    if (end < buffer.writerIndex()) {
      up.spoiled();
    }
    if (body.problem() != null) {
      malformed();
    } else if (body.done()) {
      finish(body);
    } else {
      deadlines.moved();
      pace(up);
    }
  }

  /** The answer's body broke its framing after its head was sent. */
  private void malformed() {
    x.flag(Flags.UPSTREAM_PROTOCOL_ERROR);
    x.broken();
  }

  /** Reads no faster than the caller does. */
  private void pace(UpstreamConnection up) {
    if (!x.connection().channel().isWritable()) {
      up.reading(false);
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

  private void finish(Body body) {
    if (body.kind() == Body.Kind.UNTIL_CLOSE && keepCaller) {
      Bytes out = loop.out().clear();
      Relay.last(out);
      loop.write(x.connection().channel(), out);
    }
    x.over(keepCaller && x.bodyDone());
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
        RetrySpec spec = retrySpec();
        letGo();
        if (spec != null && Retries.onTimeout(spec)) {
          if (retry(spec)) {
            loop.flush();
            return;
          }
          x.flag(Flags.UPSTREAM_RETRY_LIMIT);
        }
        x.fail(new Failure.TimedOut());
      }
      case IDLE -> {
        x.flag(Flags.STREAM_IDLE_TIMEOUT);
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
    x.flag(Flags.UPSTREAM_TIMEOUT);
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
    if (retrying && cluster != null) {
      retrying = false;
      cluster.retried();
    }
    cluster = null;
    host = null;
    answer = null;
  }

  /** Passes over what has come of a body. Returns the place after it. */
  int skip(Body body, Inbox in, int from, Bytes nowhere) {
    toUpstream.begin(Framing.SAME);
    int end = toUpstream.feed(body, in.bytes(), from, in.to(), nowhere);
    nowhere.clear();
    return end;
  }

  /** Told which time is up. */
  @FunctionalInterface
  interface Late {
    void late(Deadlines.Kind kind);
  }
}
