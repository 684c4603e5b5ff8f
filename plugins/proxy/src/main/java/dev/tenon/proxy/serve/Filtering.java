package dev.tenon.proxy.serve;

import dev.tenon.proxy.compile.HeaderOps;
import dev.tenon.proxy.http.Bytes;
import dev.tenon.proxy.plug.Lease;
import dev.tenon.proxy.request.Call;
import dev.tenon.proxy.request.Failure;
import dev.tenon.proxy.request.LastWord;
import dev.tenon.proxy.request.Paths;
import dev.tenon.proxy.request.RequestView;
import dev.tenon.proxy.request.ResponseView;
import dev.tenon.spi.guard.Guard;
import dev.tenon.spi.guard.Trouble;
import dev.tenon.spi.policy.HeaderEdit;
import dev.tenon.spi.traffic.RequestFilter;
import dev.tenon.spi.traffic.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks the plug-ins of a listener: the one place from which request filters are called. One for each
 * loop; what a filter changed is put into force once, after the last of those that only compute.
 */
final class Filtering implements LastWord {
  /** What is answered where a plug-in had to look at an answer and could not. */
  static final Failure UNSEEN = new Failure.NoFilter("of this answer");

  /** Fields that filters may add to what a caller may send. */
  private static final int MORE_FIELDS = 64;

  private static final Guard.Call<RequestFilter, RequestView, Object> ON_REQUEST =
      (filter, head) -> filter.onRequest(head);
  private static final Guard.Call<RequestFilter, ResponseView, Object> ON_RESPONSE =
      (filter, head) -> {
        filter.onResponse(head.request(), head);
        return Step.CONTINUE;
      };

  private final Lane lane;
  private final RequestView view = new RequestView();
  private @Nullable Exchange answering;

  Filtering(Lane lane) {
    this.lane = lane;
  }

  /** Whether a request goes on at once; else it was answered, or goes on by itself later. */
  boolean pass(Exchange x, FilterChain chain, boolean beforePolicy) {
    return beforePolicy
        ? pass(x, chain, 0, chain.beforePolicy())
        : pass(x, chain, chain.beforePolicy(), chain.all().size());
  }

  private boolean pass(Exchange x, FilterChain chain, int from, int to) {
    if (from == to) {
      return true;
    }
    view.show(x.call(), x.sourceName());
    try {
      for (int i = from; i < to; i++) {
        FilterChain.Link link = chain.all().get(i);
        Lease<RequestFilter> lease = link.slot() == null ? null : link.slot().lease();
        if (lease != null && !lease.nonBlocking()) {
          if (inForce(x, view, link.spec().name(), i < chain.beforePolicy())) {
            later(x, chain, i, lease);
          }
          return false;
        }
        view.mark();
        Object said = lease == null ? absence(link) : lease.guard().call(ON_REQUEST, lease.plug(), view, trouble -> trouble);
        if (!goesOn(x, link, said, true)) {
          return false;
        }
        x.seen(i + 1);
      }
      return inForce(x, view, chain.all().get(to - 1).spec().name(), to <= chain.beforePolicy());
    } finally {
      view.takeBack();
    }
  }

  private static Object absence(FilterChain.Link link) {
    return link.slot() == null ? "is not installed" : link.slot().absence();
  }

  /** Makes of what a filter said, or of why it said nothing, what becomes of the request. */
  private boolean goesOn(Exchange x, FilterChain.Link link, Object said, boolean undo) {
    if (said instanceof Step.Continue) {
      return true;
    }
    if (said instanceof Step.Answer answer) {
      HeaderOps headers = headers(answer);
      if (headers != null) {
        x.answer(answer.status(), "", answer.body(), headers);
        return false;
      }
    }
    if (goesOnWithout(x, link, reason(said))) {
      if (undo) {
        view.undo();
      }
      return true;
    }
    x.fail(new Failure.NoFilter(link.spec().name()));
    return false;
  }

  /** Null when they cannot be sent. */
  private static @Nullable HeaderOps headers(Step.Answer answer) {
    List<HeaderOps.Op> ops = new ArrayList<>();
    for (Step.Header header : answer.headers()) {
      try {
        ops.add(RequestView.field(header.name(), header.value()));
      } catch (IllegalArgumentException e) {
        return null;
      }
    }
    return new HeaderOps(ops);
  }

  private static String reason(Object said) {
    return switch (said) {
      case Trouble trouble -> trouble.text();
      case String absence -> absence;
      default -> "answered with headers that cannot be sent";
    };
  }

  private boolean goesOnWithout(Exchange x, FilterChain.Link link, String reason) {
    lane.meters().filterFailures++;
    lane.complaints()
        .say("request filter {}: the plug-in {} {}; {} {} {}", link.spec().name(), link.spec().plug().plugin(), reason,
            x.call().method(), x.call().path(), link.spec().failOpen() ? "goes on without it" : "is answered 503");
    return link.spec().failOpen();
  }

  /** Puts into force what filters changed. False: it cannot be; the request was answered. */
  private boolean inForce(Exchange x, RequestView changed, String last, boolean beforePolicy) {
    if (!changed.changed()) {
      return true;
    }
    Bytes out = lane.loop().out().clear();
    changed.writeTo(out);
    if (x.call().change(out, mostFields(x)) && Paths.normalize(x.call(), x.http().paths())) {
      if (!beforePolicy) {
        lane.path().find(x);
      }
      return true;
    }
    lane.complaints().say("request filters up to {} made a head that cannot be sent", last);
    x.fail(new Failure.NoFilter(last));
    return false;
  }

  /** Puts into force what policy changes. False: it cannot be; the request was answered. */
  boolean change(Exchange x, List<HeaderEdit> edits) {
    view.show(x.call(), x.sourceName());
    try {
      PolicyHeads.change(view, edits);
      return inForce(x, view, "rules", false);
    } finally {
      view.takeBack();
    }
  }

  private static int mostFields(Exchange x) {
    return x.http().limits().headers() + MORE_FIELDS;
  }

  /** Asks a filter that may block, on a thread of its own, with a copy of the head. */
  private void later(Exchange x, FilterChain chain, int at, Lease<RequestFilter> lease) {
    FilterChain.Link link = chain.all().get(at);
    if (!lease.enter()) {
      resume(x, chain, at, x.ticket(), absence(link), view);
      return;
    }
    Bytes out = lane.loop().out().clear();
    view.show(x.call(), x.sourceName()).writeTo(out);
    Call copy = x.call().copy(out, mostFields(x));
    RequestView theirs = new RequestView().show(copy, x.sourceName());
    long ticket = x.ticket();
    lease
        .guard()
        .callLater(
            ON_REQUEST, lease.plug(), theirs, trouble -> trouble, lease::leave,
            said -> lane.loop().executor().execute(() -> resume(x, chain, at, ticket, said, theirs)));
  }

  private void resume(Exchange x, FilterChain chain, int at, long ticket, Object said, RequestView theirs) {
    if (!x.waits(ticket)) {
      return;
    }
    boolean beforePolicy = at < chain.beforePolicy();
    boolean takes = said instanceof Step;
    if (takes) {
      x.call().notes(theirs.notes());
    }
    FilterChain.Link link = chain.all().get(at);
    if (goesOn(x, link, said, false) && (!takes || inForce(x, theirs, link.spec().name(), beforePolicy))) {
      x.seen(at + 1);
      if (pass(x, chain, at + 1, beforePolicy ? chain.beforePolicy() : chain.all().size())) {
        lane.path().filtered(x, beforePolicy);
      }
    }
    lane.loop().flush();
  }

  /** Who has the last word on the answer of a request; null when nobody has. */
  @Nullable LastWord wordOn(Exchange x) {
    if (x.filters() == null || x.seen() == 0) {
      return null;
    }
    answering = x;
    return this;
  }

  @Override
  public boolean say(ResponseView answer) {
    Exchange x = answering;
    FilterChain chain = x == null ? null : x.filters();
    answering = null;
    if (x == null || chain == null) {
      return true;
    }
    answer.to(x.call(), x.sourceName());
    for (int i = x.seen() - 1; i >= 0; i--) {
      FilterChain.Link link = chain.all().get(i);
      Lease<RequestFilter> lease = link.slot() == null ? null : link.slot().lease();
      if (lease == null && link.spec().failOpen()) {
        // That it is absent was said of the request.
        continue;
      }
      answer.mark();
      Object said = lease == null ? absence(link) : lease.guard().call(ON_RESPONSE, lease.plug(), answer, trouble -> trouble);
      if (!(said instanceof Step)) {
        if (!goesOnWithout(x, link, reason(said))) {
          return false;
        }
        answer.undo();
      }
    }
    return true;
  }
}
