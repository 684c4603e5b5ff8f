package dev.tenon.mixer.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.adapter.denier.Denier;
import dev.tenon.adapter.memquota.MemQuota;
import dev.tenon.mixer.Counting;
import dev.tenon.mixer.SmallKernel;
import dev.tenon.mixer.Yaml;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Explanation;
import dev.tenon.spi.policy.Rehearsals.Rehearsal;
import dev.tenon.spi.policy.Sketch;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.spi.rules.RuleSet;
import dev.tenon.spi.stream.Cell;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Policy tried out with real adapters, and told of. */
class RehearsalTest {
  private static final String POLICY =
      """
      kind: handler
      metadata: {name: no}
      spec: {compiledAdapter: denier, params: {status: {code: 7}}}
      ---
      kind: instance
      metadata: {name: anything}
      spec: {compiledTemplate: checknothing}
      ---
      kind: rule
      metadata: {name: a-eve}
      spec:
        match: request.method == "GET" && request.headers["x-user"] == "eve"
        actions: [{handler: no, instances: [anything]}]
      ---
      kind: handler
      metadata: {name: limit}
      spec: {compiledAdapter: memquota, params: {quotas: [{name: requests, maxAmount: 2, validDuration: 10s, rateLimitAlgorithm: FIXED_WINDOW}]}}
      ---
      kind: instance
      metadata: {name: requests}
      spec: {compiledTemplate: quota, params: {dimensions: {user: 'request.headers["x-user"] | "nobody"'}}}
      ---
      kind: rule
      metadata: {name: b-limit}
      spec: {actions: [{handler: limit, instances: [requests]}]}
      """;

  private final SmallKernel kernel = SmallKernel.start();
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void close() {
    timers.shutdownNow();
    kernel.close();
  }

  private Rehearsal begin(String yaml, AdapterFactory... factories) {
    InForce inForce = new InForce(List::of);
    inForce.rules(new RuleSet(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of("default", Yaml.policy(yaml)), Map.of()));
    Cell<List<Offer<AdapterFactory>>> offers = new Cell<>(Arrays.stream(factories).map(each -> new Offer<>(each.name(), "1", each)).toList());
    return new Rehearsing(inForce, Limits.DEFAULT, kernel.guards(), timers, offers).begin();
  }

  private static Sketch by(String user) {
    return new Sketch("GET", "reviews", "/a?b=c", Map.of("x-user", user), Map.of());
  }

  private static boolean allowed(Rehearsal rehearsal, String user) {
    return rehearsal.check("default", by(user)).verdict() instanceof Verdict.Allow;
  }

  @Test
  void timePassesWhenItIsToldTo() {
    try (Rehearsal rehearsal = begin(POLICY, new Denier(), new MemQuota())) {
      assertThat(allowed(rehearsal, "ann")).isTrue();
      assertThat(allowed(rehearsal, "ann")).isTrue();
      assertThat(allowed(rehearsal, "ann")).isFalse();
      assertThat(allowed(rehearsal, "eve")).isFalse();
      rehearsal.pass(Duration.ofMillis(9_999));
      assertThat(allowed(rehearsal, "ann")).isFalse();
      rehearsal.pass(Duration.ofMillis(1));
      assertThat(allowed(rehearsal, "ann")).isTrue();
    }
  }

  @Test
  void anExplanationTellsEachStepAndTakesNothing() {
    try (Rehearsal rehearsal = begin(POLICY, new Denier(), new MemQuota())) {
      assertThat(allowed(rehearsal, "ann")).isTrue();
      for (int i = 0; i < 5; i++) {
        Explanation explanation = rehearsal.explain("default", by("ann"));
        assertThat(explanation.outcome().verdict()).isInstanceOf(Verdict.Allow.class);
        assertThat(explanation.rules()).extracting(Explanation.Rule::name, Explanation.Rule::matches)
            .containsExactly(org.assertj.core.api.Assertions.tuple("a-eve.default", false), org.assertj.core.api.Assertions.tuple("b-limit.default", true));
        assertThat(explanation.rules().getFirst().terms()).extracting(Explanation.Term::value).containsExactly("false", "true", "false");
        assertThat(explanation.rules().getFirst().terms().get(2).reason()).isEqualTo("request.headers[\"x-user\"] is \"ann\"");
        Explanation.Call call = explanation.rules().get(1).calls().getFirst();
        assertThat(call.verdict()).isEqualTo("would grant");
        assertThat(call.standing().remaining()).isEqualTo(1);
        assertThat(call.values()).isEqualTo(Map.of("dimensions", "{user=ann}"));
      }
      assertThat(allowed(rehearsal, "ann")).isTrue();
      Explanation over = rehearsal.explain("default", by("ann"));
      assertThat(over.rules().get(1).calls().getFirst().verdict()).isEqualTo("would refuse");
      assertThat(over.outcome().rule()).isEqualTo("b-limit.default");
      Explanation eve = rehearsal.explain("default", by("eve"));
      assertThat(eve.outcome().rule()).isEqualTo("a-eve.default");
      assertThat(eve.rules().getFirst().calls().getFirst().verdict()).isEqualTo("deny");
    }
  }

  @Test
  void aMissingAttributeAndAMissingHandlerAreTold() {
    try (Rehearsal rehearsal = begin(POLICY, new Denier())) {
      Explanation explanation = rehearsal.explain("default", new Sketch("GET", "reviews", "/", Map.of(), Map.of()));
      assertThat(explanation.rules().getFirst().terms().get(2).reason()).contains("request.headers[\"x-user\"]");
      assertThat(explanation.rules().get(1).calls().getFirst().detail()).contains("the adapter memquota is not installed");
      assertThat(explanation.outcome().rule()).isEqualTo("b-limit.default");
    }
  }

  @Test
  void whatCountsByAnotherClockRefusesToLetTimePass() {
    Counting counting = new Counting(true, (instance, charge) -> new dev.tenon.spi.policy.Grant(1, Duration.ZERO));
    try (Rehearsal rehearsal = begin(POLICY.replace("memquota", "counting").replaceFirst(", params: \\{quotas[^\\n]*", "}"), new Denier(), shared(counting))) {
      assertThat(allowed(rehearsal, "ann")).isTrue();
      assertThatThrownBy(() -> rehearsal.pass(Duration.ofSeconds(1))).hasMessageContaining("counting counts by its server's clock");
    }
  }

  private static AdapterFactory shared(AdapterFactory factory) {
    return new AdapterFactory() {
      @Override
      public String name() {
        return factory.name();
      }

      @Override
      public java.util.Set<dev.tenon.spi.policy.Template> templates() {
        return factory.templates();
      }

      @Override
      public boolean nonBlocking() {
        return true;
      }

      @Override
      public boolean shared() {
        return true;
      }

      @Override
      public dev.tenon.spi.policy.Adapter build(dev.tenon.spi.config.Fields params) {
        return factory.build(params);
      }
    };
  }
}
