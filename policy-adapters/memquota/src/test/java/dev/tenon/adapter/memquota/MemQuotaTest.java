package dev.tenon.adapter.memquota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.kernel.boot.YamlText;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.Charge;
import dev.tenon.spi.policy.Grant;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.QuotaAdapter;
import dev.tenon.spi.policy.QuotaAdapter.Spending;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.telemetry.MetricSnapshot.Amount;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemQuotaTest {
  private static final String LIMITS =
      """
      quotas:
      - name: requests.instance.default
        maxAmount: 5
        validDuration: 10s
        rateLimitAlgorithm: FIXED_WINDOW
        overrides:
        - {dimensions: {user: ann, port: "80"}, maxAmount: 1}
        - {dimensions: {user: ann}, maxAmount: 2, validDuration: 1s}
        plans: {dimension: plan, limits: {gold: {maxAmount: 9}}}
      """;

  private final AtomicLong now = new AtomicLong(7_000_000_000L);
  private final MemQuota factory = new MemQuota(now::get);

  private static Fields fields(String yaml) {
    return Fields.of((Node.Mapping) new YamlText().parse("handler.yaml", yaml).getFirst(), "spec.params");
  }

  private QuotaAdapter handler(String yaml) {
    Fields fields = fields(yaml);
    QuotaAdapter adapter = (QuotaAdapter) factory.build("limits.default", fields);
    assertThat(fields.close()).isEmpty();
    return adapter;
  }

  private static Grant take(QuotaAdapter adapter, Map<String, Object> dimensions, Charge charge) {
    return adapter.take(instance(dimensions), charge);
  }

  private static Instance instance(Map<String, Object> dimensions) {
    return new Instance("requests.instance.default", Template.QUOTA, Map.of("dimensions", dimensions), Nothing.HERE);
  }

  private static long all(QuotaAdapter adapter, Map<String, Object> dimensions) {
    return take(adapter, dimensions, new Charge(1_000, true, "")).granted();
  }

  private void passes(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void tellsHowItHasAnsweredAndHowManyKeysItHas() {
    QuotaAdapter adapter = handler(LIMITS);
    take(adapter, Map.of("user", "bob"), new Charge(4, false, ""));
    take(adapter, Map.of("user", "bob"), new Charge(2, true, ""));
    take(adapter, Map.of("user", "bob"), new Charge(1, false, ""));
    take(adapter, Map.of("user", "cat"), new Charge(1, false, ""));
    assertThat(figure(adapter, "memquota_adapter_questions_total", "granted")).isEqualTo(2);
    assertThat(figure(adapter, "memquota_adapter_questions_total", "partly")).isEqualTo(1);
    assertThat(figure(adapter, "memquota_adapter_questions_total", "refused")).isEqualTo(1);
    assertThat(figure(adapter, "memquota_adapter_granted_total", "")).isEqualTo(6);
    assertThat(figure(adapter, "memquota_adapter_keys", "")).isEqualTo(2);
  }

  private static double figure(QuotaAdapter adapter, String name, String result) {
    return adapter.figures().stream()
        .filter(family -> family.name().equals(name))
        .flatMap(family -> family.samples().stream())
        .filter(sample -> sample.labels().getOrDefault("result", "").equals(result))
        .mapToDouble(sample -> ((Amount) sample.value()).value())
        .sum();
  }

  @Test
  void theFirstOverrideThatMatchesIsTheLimitThenThePlan() {
    QuotaAdapter adapter = handler(LIMITS);
    assertThat(all(adapter, Map.of("user", "ann", "port", 80L))).isEqualTo(1);
    assertThat(all(adapter, Map.of("user", "ann", "port", 81L))).isEqualTo(2);
    assertThat(all(adapter, Map.of("user", "bob", "port", 80L))).isEqualTo(5);
    assertThat(all(adapter, Map.of("user", "cat", "plan", "gold"))).isEqualTo(9);
    passes(Duration.ofSeconds(1));
    assertThat(all(adapter, Map.of("user", "ann", "port", 81L))).as("its own window is over").isEqualTo(2);
    assertThat(all(adapter, Map.of("user", "ann", "port", 80L))).as("that of the quota is not").isZero();
  }

  @Test
  void whoChangesPlansKeepsWhatWasSpent() {
    QuotaAdapter adapter = handler(LIMITS);
    assertThat(all(adapter, Map.of("user", "cat", "plan", "free"))).isEqualTo(5);
    assertThat(all(adapter, Map.of("user", "cat", "plan", "gold"))).isEqualTo(4);
  }

  @Test
  void parametersThatChangeKeepWhatWasSpent() {
    QuotaAdapter before = handler(LIMITS);
    assertThat(all(before, Map.of())).isEqualTo(5);
    QuotaAdapter after = handler(LIMITS.replace("maxAmount: 5", "maxAmount: 6"));
    before.close();
    assertThat(all(after, Map.of())).isEqualTo(1);
  }

  @Test
  void parametersThatAreTriedOutCountNothing() {
    QuotaAdapter real = handler(LIMITS);
    QuotaAdapter tried = (QuotaAdapter) factory.build("", fields(LIMITS));
    assertThat(all(tried, Map.of())).isEqualTo(5);
    tried.close();
    assertThat(all(real, Map.of())).isEqualTo(5);
  }

  @Test
  void aGrantTellsHowTheQuotaStands() {
    QuotaAdapter adapter = handler(LIMITS);
    passes(Duration.ofSeconds(3));
    Grant first = take(adapter, Map.of(), new Charge(2, false, ""));
    passes(Duration.ofSeconds(4));
    Grant grant = take(adapter, Map.of(), new Charge(2, false, ""));
    assertThat(first.validity()).isEqualTo(Duration.ofSeconds(10));
    assertThat(grant.validity()).as("to the end of the window").isEqualTo(Duration.ofSeconds(6));
    assertThat(grant.standing()).isEqualTo(new Grant.Standing(5, 1, Duration.ofSeconds(6)));
    assertThat(take(adapter, Map.of(), new Charge(2, false, "")).validity()).as("a refusal holds as long").isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void aGrantAheadIsAShareOfWhatIsLeftAndAtLeastWhatIsNeeded() {
    QuotaAdapter adapter = handler(LIMITS.replace("maxAmount: 5", "maxAmount: 100"));
    Charge.Ahead ahead = new Charge.Ahead(1_000, 4, Duration.ZERO);
    assertThat(take(adapter, Map.of(), new Charge(1, false, "", ahead)).granted()).isEqualTo(25);
    assertThat(take(adapter, Map.of(), new Charge(60, false, "", ahead)).granted()).isEqualTo(60);
    assertThat(take(adapter, Map.of(), new Charge(1, false, "", ahead)).granted()).isEqualTo(3);
    assertThat(all(adapter, Map.of())).isEqualTo(12);
    assertThat(take(adapter, Map.of(), new Charge(1, false, "", ahead)).granted()).isZero();
  }

  @Test
  void whatARollingWindowHearsOfAGrantFreesItEarlier() {
    QuotaAdapter adapter = handler(LIMITS.replace("FIXED_WINDOW", "ROLLING_WINDOW"));
    Charge.Ahead held = new Charge.Ahead(0, 1, Duration.ofSeconds(1));
    Grant one = take(adapter, Map.of(), new Charge(2, false, "", held));
    Grant other = take(adapter, Map.of(), new Charge(3, false, "", held));
    assertThat(one.mark()).isNotZero();
    Charge.Settled never = new Charge.Settled(one.mark(), 2, Charge.Settled.NEVER);
    assertThat(take(adapter, Map.of(), new Charge(2, false, "", Charge.Ahead.NOTHING, List.of(never))).granted()).as("given back").isEqualTo(2);
    passes(Duration.ofMillis(10_500));
    assertThat(all(adapter, Map.of())).as("what was spent at once is free").isEqualTo(2);
    Charge.Settled early = new Charge.Settled(other.mark(), 3, Duration.ofMillis(900));
    assertThat(take(adapter, Map.of(), new Charge(3, false, "", Charge.Ahead.NOTHING, List.of(early))).granted()).as("it was spent early").isEqualTo(3);
    assertThat(handler(LIMITS).take(instance(Map.of("user", "x")), Charge.ONE).mark()).as("no matter to a fixed window").isZero();
  }

  @Test
  void aQuestionIsRememberedForOneToTwoPeriods() {
    QuotaAdapter adapter = handler(LIMITS + "minDeduplicationDuration: 2s\n");
    assertThat(take(adapter, Map.of(), new Charge(1, false, "a")).granted()).isEqualTo(1);
    passes(Duration.ofSeconds(3));
    Grant again = take(adapter, Map.of(), new Charge(1, false, "a"));
    assertThat(again.granted()).isEqualTo(1);
    assertThat(again.validity()).isEqualTo(Duration.ofSeconds(7));
    passes(Duration.ofSeconds(4));
    assertThat(all(adapter, Map.of())).as("of 5, one was taken").isEqualTo(4);
  }

  @Test
  void topTellsTheTruthAndResetForgets() {
    QuotaAdapter adapter = handler(LIMITS);
    take(adapter, Map.of("user", "bob"), new Charge(3, false, ""));
    take(adapter, Map.of("user", "cat", "plan", "gold"), new Charge(3, false, ""));
    take(adapter, Map.of("user", "ann"), new Charge(2, false, ""));
    passes(Duration.ofMillis(500));
    assertThat(adapter.top(2)).isEqualTo(new QuotaAdapter.Top(List.of(
        new Spending("requests.instance.default user=ann", 2, 2, Duration.ofMillis(500)),
        new Spending("requests.instance.default user=bob", 3, 5, Duration.ofMillis(9_500))), 3, true));
    assertThat(adapter.standing(instance(Map.of("user", "bob")))).as("looked at, nothing taken")
        .isEqualTo(adapter.standing(instance(Map.of("user", "bob"))))
        .isEqualTo(new Grant.Standing(5, 2, Duration.ofMillis(9_500)));
    assertThat(adapter.standing(instance(Map.of("user", "new")))).isEqualTo(new Grant.Standing(5, 5, Duration.ZERO));
    assertThat(adapter.reset("requests.instance.default user=ann")).isTrue();
    assertThat(adapter.reset("requests.instance.default user=nobody")).isFalse();
    assertThat(all(adapter, Map.of("user", "ann"))).isEqualTo(2);
  }

  @Test
  void whoInventsKeysTakesNoMemoryAndNoQuotaOfOthers() {
    QuotaAdapter adapter = handler(LIMITS + "maxKeys: 100\n");
    take(adapter, Map.of("user", "bob"), Charge.ONE);
    long granted = 0;
    for (int i = 0; i < 10_000; i++) {
      granted += take(adapter, Map.of("user", "random" + i), Charge.ONE).granted();
    }
    assertThat(granted).as("99 keys, and one limit for all others").isEqualTo(99 + 5);
    assertThat(all(adapter, Map.of("user", "bob"))).as("who was there before").isEqualTo(4);
    passes(Duration.ofSeconds(10));
    factory.sweep();
    assertThat(adapter.top(1_000).fullest()).isEmpty();
    assertThat(all(adapter, Map.of("user", "late"))).as("when the keys are over there is room").isEqualTo(5);
  }

  @Test
  void aMillionLiveKeysTakeLessThan300MegabytesAndLeaveWhenTheyAreOver() {
    QuotaAdapter adapter = handler(LIMITS.replace("FIXED_WINDOW", "ROLLING_WINDOW"));
    long before = usedMegabytes();
    for (int round = 0; round < 1; round++) {
      for (int i = 0; i < 1_000_000; i++) {
        take(adapter, Map.of("user", "someone-" + i), Charge.ONE);
      }
      passes(Duration.ofSeconds(4));
    }
    assertThat(usedMegabytes() - before).isBetween(50L, 300L);
    assertThat(adapter.top(3).fullest()).hasSize(3);
    passes(Duration.ofSeconds(10));
    factory.sweep();
    assertThat(usedMegabytes() - before).isLessThan(20);
    assertThat(adapter.top(3).fullest()).isEmpty();
  }

  private static long usedMegabytes() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20;
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "maxAmount: 5 | maxAmount: 0 | handler.yaml:3:14: error: spec.params.quotas[0].maxAmount: 0 is not between 1",
    "maxAmount: 5 | maxAmount: -3 | spec.params.quotas[0].maxAmount: -3 is not between 1",
    "maxAmount: 2, | maxAmount: 0, | spec.params.quotas[0].overrides[1].maxAmount: 0 is not between 1",
    "maxAmount: 9 | maxAmount: 0 | spec.params.quotas[0].plans.limits.gold.maxAmount: 0 is not between 1",
    "{user: ann, port: \"80\"} | {user: ann} | spec.params.quotas[0].overrides[1].dimensions: can never match: overrides[0] takes all of its requests; put this one before it",
    "{user: ann, port: \"80\"} | {} | spec.params.quotas[0].overrides[0].dimensions: would match every request",
    "FIXED_WINDOW | SLIDING | spec.params.quotas[0].rateLimitAlgorithm: \"SLIDING\" is none of FIXED_WINDOW, GCRA, ROLLING_WINDOW",
    "validDuration: 10s | burst: 3 | spec.params.quotas[0].burst: is for rateLimitAlgorithm GCRA alone",
    "quotas: | minDeduplicationDuration: 0s\\nquotas: | spec.params.minDeduplicationDuration: should be more than 0",
  })
  void whatMakesNoSenseIsRefusedWithItsPlace(String good, String bad, String said) {
    Fields fields = fields(LIMITS.replace(good, bad.replace("\\n", "\n")));
    factory.build("", fields);
    assertThat(fields.close()).extracting(Finding::toString).anyMatch(each -> each.contains(said));
  }

  @Test
  void mixersOwnHandlerIsTaken() {
    handler(
        """
        quotas:
        - name: requestcountquota.instance.istio-system
          maxAmount: 500
          validDuration: 1s
          overrides:
          - dimensions: {destination: reviews}
            maxAmount: 1
            validDuration: 5s
          - dimensions: {destination: productpage, source: "10.28.11.20"}
            maxAmount: 500
            validDuration: 1s
          - dimensions: {destination: productpage}
            maxAmount: 2
            validDuration: 5s
        """);
  }

  /** Three pieces, as a kernel asks for them; the old one goes on in between. */
  @Test
  void aSuccessorKnowsWhatWasSpentBeforeAndDuringTheSwap() {
    for (String kind : List.of("FIXED_WINDOW", "ROLLING_WINDOW", "GCRA")) {
      MemQuota old = new MemQuota(now::get);
      MemQuota next = new MemQuota(now::get);
      String limits = LIMITS.replace("FIXED_WINDOW", kind).replace("maxAmount: 5", "maxAmount: 1000");
      QuotaAdapter before = (QuotaAdapter) old.build("limits.default", fields(limits));
      QuotaAdapter after = (QuotaAdapter) next.build("limits.default", fields(limits));
      take(before, Map.of(), new Charge(100, false, ""));
      passes(Duration.ofMillis(1));
      next.take(old.form(), old.give());
      take(before, Map.of(), new Charge(200, false, ""));
      take(before, Map.of("user", "new"), new Charge(7, false, ""));
      next.take(old.form(), old.give());
      take(after, Map.of(), new Charge(300, false, ""));
      take(before, Map.of(), new Charge(50, false, ""));
      before.close();
      next.take(old.form(), old.give());
      assertThat(all(after, Map.of())).as(kind).isBetween(349L, 351L);
      assertThat(all(after, Map.of("user", "new"))).as(kind).isBetween(992L, 993L);
      passes(Duration.ofSeconds(11));
      assertThat(all(after, Map.of())).as("%s: a window later", kind).isEqualTo(1_000);
    }
  }

  /** A request without attributes. */
  private enum Nothing implements Attributes {
    HERE;

    @Override
    public @org.jspecify.annotations.Nullable Object get(String attribute) {
      return null;
    }

    @Override
    public @org.jspecify.annotations.Nullable String entry(String attribute, String key) {
      return null;
    }

    @Override
    public Attributes snapshot() {
      return this;
    }
  }
}
