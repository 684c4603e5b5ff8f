package dev.tenon.proxy.serve;

import dev.tenon.proxy.compile.HeaderOps;
import dev.tenon.proxy.compile.HttpSpec;
import dev.tenon.proxy.compile.ListenerSpec;
import dev.tenon.proxy.compile.PolicySpec;
import dev.tenon.proxy.compile.Route;
import dev.tenon.proxy.compile.RouteAction;
import dev.tenon.proxy.compile.VirtualHost;
import dev.tenon.proxy.http.Body;
import dev.tenon.proxy.http.Bytes;
import dev.tenon.proxy.http.Head;
import dev.tenon.proxy.http.Problem;
import dev.tenon.proxy.live.Generation;
import dev.tenon.proxy.loop.LoopState;
import dev.tenon.proxy.loop.Timer;
import dev.tenon.proxy.request.Call;
import dev.tenon.proxy.request.Failure;
import dev.tenon.proxy.request.Flags;
import dev.tenon.proxy.request.RequestAttributes;
import dev.tenon.proxy.request.ResponseWriter;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.policy.Attributes;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer. Each connection has one, used again for every request; {@link #ticket}
 * tells late callbacks of an earlier request from those of this one.
 */
final class Exchange {
  private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Connection connection;
  private final Lane lane;
  private final LoopState loop;
  private final Call call = new Call();
  private final Body body = new Body();
  private final Outcome outcome;
  private final Forwarding forwarding;
  private @Nullable Generation generation;
  private @Nullable ListenerSpec listener;
  private @Nullable VirtualHost host;
  private @Nullable Route route;
  private @Nullable FilterChain filters;
  private int seen;
  private HeaderOps told = HeaderOps.NONE;
  private @Nullable Runnable resume;
  private long ticket;
  private boolean running;
  private boolean answered;
  private int bodyAt;
  private int nextAt;
  private @Nullable Attributes attributes;
  private final Timer wait =
      new Timer() {
        @Override
        protected void expired() {
          Runnable next = resume;
          resume = null;
          if (next != null) {
            next.run();
          }
          loop.flush();
        }
      };

  Exchange(Connection connection, Lane lane) {
    this.connection = connection;
    this.lane = lane;
    this.loop = lane.loop();
    this.outcome = new Outcome(this, lane);
    this.forwarding = new Forwarding(this, lane);
  }

  Connection connection() {
    return connection;
  }

  Call call() {
    return call;
  }

  Body body() {
    return body;
  }

  HttpSpec http() {
    return Objects.requireNonNull(listener).http();
  }

  @Nullable ListenerSpec listener() {
    return listener;
  }

  Generation generation() {
    return Objects.requireNonNull(generation);
  }

  @Nullable Route route() {
    return route;
  }

  @Nullable VirtualHost host() {
    return host;
  }

  void routed(@Nullable VirtualHost to, @Nullable Route by) {
    host = to;
    route = by;
  }

  /** The plug-ins that look at it; null when there are none. */
  @Nullable FilterChain filters() {
    return filters;
  }

  /** By how many of them it was seen. */
  int seen() {
    return seen;
  }

  void seen(int count) {
    seen = count;
  }

  /** What policy has every answer from here on say, after what it said before. */
  void told(HeaderOps ops) {
    told = told.then(ops);
  }

  /** Changes of an answer: those of who answers, then those of policy. */
  HeaderOps changes(HeaderOps by) {
    return by.then(told);
  }

  long ticket() {
    return ticket;
  }

  /** Whether the request with a ticket is still the one under way and has no answer yet. */
  boolean waits(long since) {
    return running && ticket == since && !answered;
  }

  /** What becomes of it. */
  Outcome outcome() {
    return outcome;
  }

  /** An upstream's answer passes. */
  void answering(Head head, int octets) {
    outcome.upstream(head.status(), octets);
    answered = true;
    if (Reporting.wanted(this, policy())) {
      outcome.answerHeaders(RequestAttributes.fields(head));
    }
  }

  /** It, as policy sees it; null before it is asked. */
  @Nullable Attributes attributes() {
    return attributes;
  }

  void attributes(Attributes seen) {
    attributes = seen;
  }

  @Nullable PolicySpec policy() {
    return listener == null ? null : listener.http().policy().orElse(null);
  }

  Forwarding forwarding() {
    return forwarding;
  }

  /** Who calls, if the mesh knows who lives at the peer's address. */
  @Nullable Workload source() {
    InetSocketAddress peer = connection.peer();
    return peer == null || generation == null
        ? null
        : generation.table().workloads().get("/" + peer.getAddress().getHostAddress());
  }

  /** The same by name, for metrics; empty when it is not known. */
  String sourceName() {
    Workload workload = source();
    return workload == null ? "" : workload.key();
  }

  private void start() {
    ticket++;
    running = true;
    answered = false;
    host = null;
    route = null;
    resume = null;
    attributes = null;
    outcome.begin();
    generation = connection.view().generation();
    listener = connection.view().listener();
    filters = connection.view().filters();
    seen = 0;
    told = HeaderOps.NONE;
    forwarding.clear();
  }

  /** Serves a request whose head ends at a place of the inbox. */
  void begin(int headEnd) {
    start();
    Head head = call.head();
    bodyAt = headEnd;
    nextAt = headEnd;
    body.ofRequest(head);
    if (!call.begin(connection.peer(), connection.local())) {
      fail(new Failure.Malformed(Objects.requireNonNull(head.problem())));
      return;
    }
    if (connection.view().site() instanceof Site.OfPages site) {
      page(site.pages());
    } else if (listener == null) {
      fail(new Failure.NoRoute());
    } else {
      lane.path().begin(this);
    }
  }

  /** Answers a message that cannot be read; nothing after it can either. */
  void refuse(Failure failure) {
    start();
    call.head().unread(connection.in().from());
    bodyAt = connection.in().to();
    nextAt = bodyAt;
    body.none();
    call.nothing();
    end(failure, true);
  }

  /** Answers with a failure, in place of whoever should have. */
  void fail(Failure failure) {
    end(failure, failure instanceof Failure.Malformed);
  }

  private void end(Failure failure, boolean close) {
    outcome.flag(failure.flags());
    own(failure.status(), "", failure.body(), HeaderOps.NONE, close);
  }

  /** Answers as the route says. */
  void answer(int code, String location, String text, HeaderOps ops) {
    own(code, location, text, ops, false);
  }

  private void own(int code, String location, String text, HeaderOps ops, boolean close) {
    loop.timers().disarm(wait);
    resume = null;
    skipBody();
    boolean keep = !close && body.done() && body.problem() == null && persistent();
    Bytes out = loop.out().clear();
    boolean withBody = !call.head().method("HEAD");
    ResponseWriter writer = lane.responseWriter();
    if (!writer.own(out, code, location, text, changes(ops), withBody, connectionMode(keep), lane.filtering().wordOn(this))) {
      unseen();
      return;
    }
    answered = true;
    int octets = withBody ? text.length() : 0;
    outcome.own(code, out.size() - octets, octets);
    loop.write(connection.channel(), out);
    over(keep);
  }

  /** Whoever had to look at an answer could not; nobody is asked about the one in its place. */
  void unseen() {
    seen = 0;
    fail(Filtering.UNSEEN);
  }

  private void page(Pages pages) {
    long mine = ticket;
    pages
        .get(call.method(), call.path())
        .whenComplete(
            (page, failure) -> {
              if (loop.executor().inEventLoop()) {
                page(mine, page, failure);
              } else {
                loop.executor().execute(() -> page(mine, page, failure));
              }
            });
  }

  private void page(long mine, Pages.@Nullable Page page, @Nullable Throwable failure) {
    if (!waits(mine)) {
      return;
    }
    Pages.Page shown = page == null ? Pages.Page.text(500, "the page cannot be made: " + failure + "\n") : page;
    skipBody();
    boolean keep = body.done() && persistent();
    Bytes out = loop.out().clear();
    lane.responseWriter()
        .page(out, shown.status(), shown.type(), shown.content(), !call.head().method("HEAD"), connectionMode(keep));
    answered = true;
    outcome.own(shown.status(), 0, 0);
    loop.write(connection.channel(), out);
    over(keep);
    loop.flush();
  }

  /** Passes over what has come of a body that nobody wants. */
  private void skipBody() {
    if (!body.done() && !forwarding.streaming()) {
      Bytes nowhere = loop.out().clear();
      nextAt = forwarding.passage().skip(body, connection.in(), nextAt, nowhere);
    }
  }

  /** Whether the caller's connection may serve another request. */
  boolean persistent() {
    return call.head().persistent() && !connection.view().retired();
  }

  ResponseWriter.Connection connectionMode(boolean keep) {
    if (!keep) {
      return ResponseWriter.Connection.CLOSED;
    }
    return call.head().minorVersion() == 1 ? ResponseWriter.Connection.KEPT : ResponseWriter.Connection.KEPT_SAID;
  }

  /** Goes on after a time, unless the request ends before. */
  void resumeAfter(long nanos, Runnable next) {
    resume = next;
    loop.timers().armIn(wait, nanos);
  }

  void forward(Route by, RouteAction.Forward action) {
    if (call.head().expectContinue() && !body.done()) {
      // The answer to the expectation is ours, as in Envoy; the upstream is not asked.
      loop.write(connection.channel(), loop.out().clear().put(CONTINUE));
    }
    forwarding.begin(by, action);
  }

  int bodyAt() {
    return bodyAt;
  }

  /** Where the next request begins in the inbox. */
  void nextAt(int place) {
    nextAt = place;
  }

  /** Whether bytes that come now are to go straight to the upstream. */
  boolean takesBody() {
    return running && forwarding.streaming();
  }

  /** More of the body. Returns the index after it. */
  int body(ByteBuf buffer) {
    return forwarding.body(buffer);
  }

  boolean bodyDone() {
    return body.done() && body.problem() == null;
  }

  /** The body broke its framing: nothing that follows can be trusted. */
  void bodyBroken(Problem problem) {
    if (answered) {
      outcome.flag(Flags.DOWNSTREAM_PROTOCOL_ERROR);
      over(false);
    } else {
      end(new Failure.Malformed(problem), true);
    }
  }

  boolean answered() {
    return answered;
  }

  void callerWritable(boolean writable) {
    forwarding.callerWritable(writable);
  }

  /** The caller went away. */
  void callerGone() {
    if (running) {
      outcome.flag(Flags.DOWNSTREAM_CONNECTION_TERMINATION);
      over(false);
    }
  }

  /** Half an answer was sent and there will be no more: the caller must notice. */
  void broken() {
    connection.abort();
    over(false);
  }

  /** Everything is sent or will not be. */
  void over(boolean keep) {
    if (!running) {
      return;
    }
    running = false;
    loop.timers().disarm(wait);
    resume = null;
    outcome.tell(forwarding.passage().sent());
    // Of policy nothing is kept: its engine may be replaced before the next request.
    attributes = null;
    forwarding.end();
    connection.over(nextAt, keep);
  }
}
