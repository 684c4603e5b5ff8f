package dev.tenon.mixer.decide;

import dev.tenon.mixer.accept.Accepted;
import dev.tenon.mixer.accept.Acceptor;
import dev.tenon.mixer.check.Vocabulary;
import dev.tenon.mixer.dispatch.Adapters;
import dev.tenon.mixer.dispatch.Handler;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Finding.Severity;
import dev.tenon.spi.policy.PolicyEngine;
import dev.tenon.spi.rules.PolicyRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The policy engine: accepts rules, dispatches to adapters, decides. */
public final class Engine implements PolicyEngine {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  private final Vocabulary vocabulary;
  private final Adapters adapters;

  public Engine(Vocabulary vocabulary, Adapters adapters) {
    this.vocabulary = vocabulary;
    this.adapters = adapters;
  }

  @Override
  public Policy compile(PolicyRules rules) {
    Accepted accepted = Acceptor.accept(rules, vocabulary);
    Map<Accepted.Handler, Handler> handlers = new LinkedHashMap<>();
    List<Finding> findings = new ArrayList<>();
    accepted.rules().stream()
        .flatMap(rule -> rule.calls().stream())
        .map(Accepted.Call::handler)
        .flatMap(Optional::stream)
        .distinct()
        .forEach(spec -> handlers.put(spec, adapters.acquire(spec, findings)));
    Runnable release = () -> handlers.values().forEach(adapters::release);
    if (findings.stream().anyMatch(each -> each.severity() == Severity.ERROR)) {
      release.run();
      throw new BadConfig(findings);
    }
    findings.addAll(accepted.warnings());
    handlers.keySet().forEach(spec -> adapters.absence(spec).ifPresent(findings::add));
    findings.forEach(each -> LOG.warn("{}", each));
    return new CompiledPolicy(
        accepted, spec -> Objects.requireNonNull(handlers.get(spec)), release);
  }
}
