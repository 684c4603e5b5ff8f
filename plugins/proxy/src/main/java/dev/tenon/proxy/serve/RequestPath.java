package dev.tenon.proxy.serve;

import dev.tenon.proxy.compile.FaultSpec;
import dev.tenon.proxy.compile.HttpSpec;
import dev.tenon.proxy.compile.PolicySpec;
import dev.tenon.proxy.compile.Route;
import dev.tenon.proxy.compile.RouteAction;
import dev.tenon.proxy.compile.VirtualHost;
import dev.tenon.proxy.http.Name;
import dev.tenon.proxy.loop.Chance;
import dev.tenon.proxy.request.Call;
import dev.tenon.proxy.request.Failure;
import dev.tenon.proxy.request.Flags;
import dev.tenon.proxy.request.Matching;
import dev.tenon.proxy.request.Paths;
import dev.tenon.proxy.request.Redirects;
import dev.tenon.proxy.request.RequestAttributes;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.PolicyEngine;
import dev.tenon.spi.policy.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a request, from top to bottom. Every layer either lets it through to the next one or
 * answers it; a layer that has to wait goes on where it stopped.
 */
final class RequestPath {
  private static final int MILLION = 1_000_000;

  private final Lane lane;

  RequestPath(Lane lane) {
    this.lane = lane;
  }

  /** The first layers; none of them waits. */
  void begin(Exchange x) {
    HttpSpec http = x.http();
    Call call = x.call();

    // Paths first: everything below must see what the upstream will see.
    if (!Paths.normalize(call, http.paths())) {
      x.fail(new Failure.BadPath());
      return;
    }

    // A name for the request, before anything that may write it to a log.
    if (http.identity().generateRequestId() && call.head().find(Name.REQUEST_ID) < 0) {
      Chance chance = lane.loop().chance();
      call.makeRequestId(chance.bits(), chance.bits());
    }

    // Plug-ins that say who calls: policy judges what they make of the request.
    FilterChain filters = x.filters();
    if (filters == null || lane.filtering().pass(x, filters, true)) {
      judge(x);
    }
  }

  /** Goes on after plug-ins that had to be waited for. */
  void filtered(Exchange x, boolean beforePolicy) {
    if (beforePolicy) {
      judge(x);
    } else {
      trouble(x);
    }
  }

  private void judge(Exchange x) {
    // The route, since policy and faults may belong to it. That there is none is told further down:
    // whoever may not call learns nothing about what could be called.
    find(x);

    // Policy judges before trouble is made or anything is sent.
    check(x, 0);
  }

  /** Finds the route of a request as its head is now. */
  void find(Exchange x) {
    Call call = x.call();
    VirtualHost host =
        x.connection().view().host(call.head().bytes(), call.target().authorityAt(), call.target().authorityEnd());
    x.routed(host, host == null ? null : Matching.find(host, call));
  }

  /** Policy of each namespace, from one of them on. */
  private void check(Exchange x, int from) {
    PolicySpec policy = x.http().policy().orElse(null);
    int count = policy == null ? 0 : policy.namespaces().size();
    for (int i = from; i < count && policy != null; i++) {
      String namespace = policy.namespaces().get(i);
      PolicyEngine.Policy judge = x.generation().policies().get(namespace);
      if (judge == null) {
        x.fail(new Failure.NoPolicy(namespace));
        return;
      }
      PolicyEngine.Outcome outcome = ask(x, judge, policy, i);
      if (outcome == null || !allowed(x, judge, outcome)) {
        return;
      }
    }
    // Plug-ins that are for requests which may pass.
    FilterChain filters = x.filters();
    if (filters == null || lane.filtering().pass(x, filters, false)) {
      trouble(x);
    }
  }

  private PolicyEngine.@Nullable Outcome ask(Exchange x, PolicyEngine.Policy judge, PolicySpec policy, int index) {
    long ticket = x.ticket();
    return judge.check(
        attributes(x, policy),
        outcome ->
            lane.loop()
                .executor()
                .execute(
                    () -> {
                      if (x.waits(ticket)) {
                        if (allowed(x, judge, outcome)) {
                          check(x, index + 1);
                        }
                        lane.loop().flush();
                      }
                    }));
  }

  /** The request as the policy of every namespace sees it, with what adapters add to it. */
  private static Attributes attributes(Exchange x, PolicySpec policy) {
    Attributes seen = x.attributes();
    if (seen == null) {
      seen = new RequestAttributes(x.call(), policy.attributes(), x.generation().table().workloads());
      for (int i = 0; i < policy.namespaces().size(); i++) {
        PolicyEngine.Policy judge = x.generation().policies().get(policy.namespaces().get(i));
        if (judge != null) {
          seen = judge.generate(seen);
        }
      }
      x.attributes(seen);
    }
    return seen;
  }

  private boolean allowed(Exchange x, PolicyEngine.Policy judge, PolicyEngine.Outcome outcome) {
    x.told(PolicyHeads.response(outcome.response()));
    if (!(outcome.verdict() instanceof Verdict.Deny deny)) {
      return outcome.request().isEmpty() || lane.filtering().change(x, outcome.request());
    }
    lane.complaints().say("{} {} denied by rule {}: {}", x.call().method(), x.call().path(), outcome.rule(), deny.message());
    String id = x.call().requestId();
    if (id != null) {
      judge.denied(id, outcome);
    }
    x.outcome().denied(deny.code().number(), deny.message());
    x.fail(
        new Failure.Denied(
            deny.code().httpStatus(), deny.code().name() + ":" + outcome.handler() + ":" + deny.message()));
    return false;
  }

  /** Trouble made on purpose: first the delay, then the abort. */
  private void trouble(Exchange x) {
    FaultSpec fault = fault(x);
    FaultSpec.Delay delay = fault == null ? null : fault.delay().orElse(null);
    if (delay != null && lane.loop().chance().below(MILLION) < delay.perMillion()) {
      x.outcome().flag(Flags.DELAY_INJECTED);
      x.resumeAfter(delay.time().toNanos(), () -> abort(x));
      return;
    }
    abort(x);
  }

  private void abort(Exchange x) {
    FaultSpec fault = fault(x);
    FaultSpec.Abort abort = fault == null ? null : fault.abort().orElse(null);
    if (abort != null && lane.loop().chance().below(MILLION) < abort.perMillion()) {
      x.fail(new Failure.Injected(abort.status()));
      return;
    }
    act(x);
  }

  private static @Nullable FaultSpec fault(Exchange x) {
    Route route = x.route();
    return route == null || !x.http().faults() ? null : route.fault().orElse(null);
  }

  /** What the route says is to be done. */
  private void act(Exchange x) {
    Route route = x.route();
    if (route == null) {
      lane.complaints().say("no route for {} {}{}", x.call().method(), x.call().authority(), x.call().path());
      x.fail(new Failure.NoRoute());
      return;
    }
    switch (route.action()) {
      case RouteAction.Forward forward -> x.forward(route, forward);
      case RouteAction.Redirect redirect ->
          x.answer(redirect.status(), Redirects.location(x.call(), route, redirect), "", route.response());
      case RouteAction.DirectResponse(int status, String body) -> {
        if (status >= 500) {
          lane.complaints().say("{} answered by configuration: {} is in no registry or blocked", status, x.call().authority());
        }
        x.answer(status, "", body, route.response());
      }
    }
  }
}
