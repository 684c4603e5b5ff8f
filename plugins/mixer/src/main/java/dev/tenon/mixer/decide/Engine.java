package dev.tenon.mixer.decide;

import dev.tenon.mixer.accept.Accepted;
import dev.tenon.mixer.accept.Acceptor;
import dev.tenon.mixer.accept.Codes;
import dev.tenon.mixer.accept.Pairing;
import dev.tenon.mixer.check.Vocabulary;
import dev.tenon.mixer.dispatch.Adapters;
import dev.tenon.mixer.decide.CompiledPolicy.Over;
import dev.tenon.mixer.dispatch.Backlog;
import dev.tenon.mixer.dispatch.Handler;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Finding.Severity;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.PolicyEngine;
import dev.tenon.spi.rules.PolicyRules;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import dev.tenon.spi.telemetry.MetricSnapshot.Kind;
import dev.tenon.spi.telemetry.MetricSnapshot.Sample;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The policy engine: accepts rules, dispatches to adapters, decides. */
public final class Engine implements PolicyEngine {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  private final Vocabulary vocabulary;
  private final Adapters adapters;
  private final Backlog<Over> backlog;
  private final Denials denials = new Denials(InstantSource.system());
  private final Set<CompiledPolicy> inUse = ConcurrentHashMap.newKeySet();

  /**
   * An engine.
   *
   * @param timers for what is told a little later
   */
  public Engine(Vocabulary vocabulary, Adapters adapters, ScheduledExecutorService timers) {
    this.vocabulary = vocabulary;
    this.adapters = adapters;
    this.backlog = new Backlog<>(timers, Engine::tell);
  }

  private static void tell(List<Over> batch) {
    Map<CompiledPolicy, List<Attributes>> requests = new LinkedHashMap<>();
    batch.forEach(each -> requests.computeIfAbsent(each.policy(), policy -> new ArrayList<>()).add(each.request()));
    requests.forEach(CompiledPolicy::tell);
  }

  /** What is counted of adapters and of what waits for them. */
  public List<Family> figures() {
    return Stream.concat(
            adapters.figures().stream(),
            Stream.of(
                new Family(
                    "tenon_policy_reports_dropped_total", Kind.COUNTER, List.of(Sample.of(Map.of(), (double) backlog.dropped())))))
        .toList();
  }

  /** What the policies that are in use were compiled from. */
  public List<PolicyRules> inForce() {
    return inUse.stream().map(CompiledPolicy::rules).toList();
  }

  /** The last requests that were denied. */
  public Denials denials() {
    return denials;
  }

  /** Has everything told that waits. */
  public void flush() {
    backlog.flush();
  }

  @Override
  public Policy compile(PolicyRules rules) {
    return compile(rules, false);
  }

  /**
   * Compiles policy by which this process judges for others: handlers that proxies share are its own, and asked here.
   *
   * @throws BadConfig as {@link #compile(PolicyRules)}
   */
  public Policy compileHere(PolicyRules rules) {
    return compile(rules, true);
  }

  private Policy compile(PolicyRules rules, boolean here) {
    Accepted accepted = Acceptor.accept(rules, vocabulary);
    Map<Accepted.Handler, Handler> handlers = new LinkedHashMap<>();
    List<Finding> findings = new ArrayList<>();
    List<Accepted.Handler> called = accepted.rules().stream()
        .flatMap(rule -> rule.calls().stream())
        .map(Accepted.Call::handler)
        .flatMap(Optional::stream)
        .distinct()
        .toList();
    await(called);
    called.forEach(spec -> handlers.put(spec, adapters.acquire(spec, findings)));
    accepted.rules().forEach(rule -> misfits(rule, findings));
    Runnable release =
        () -> {
          handlers.values().forEach(Handler::awaitReports);
          handlers.values().forEach(adapters::release);
        };
    if (findings.stream().anyMatch(each -> each.severity() == Severity.ERROR)) {
      release.run();
      throw new BadConfig(findings);
    }
    findings.addAll(accepted.warnings());
    handlers.keySet().forEach(spec -> adapters.absence(spec).ifPresent(findings::add));
    findings.forEach(each -> LOG.warn("{}", each));
    CompiledPolicy policy =
        new CompiledPolicy(rules, accepted, spec -> Objects.requireNonNull(handlers.get(spec)), backlog, denials, closed -> {
          inUse.remove(closed);
          release.run();
        }, here);
    if (!here) {
      inUse.add(policy);
    }
    return policy;
  }

  private void await(List<Accepted.Handler> called) {
    adapters.await(called.stream().map(Accepted.Handler::adapter).collect(Collectors.toSet()));
  }

  private void misfits(Accepted.Rule rule, List<Finding> findings) {
    for (Accepted.Call call : rule.calls()) {
      if (call.handler().isPresent() && call.instance().isPresent()) {
        Accepted.Handler handler = call.handler().get();
        Pairing.misfit(adapters, handler.name(), handler.adapter(), call.instance().get().template())
            .map(message -> new Finding(Severity.ERROR, Codes.TEMPLATE, handler.params().at(), "rule " + rule.name() + " actions", message))
            .ifPresent(findings::add);
      }
    }
  }
}
