package dev.tenon.mixer.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.mixer.Counting;
import dev.tenon.mixer.Scripted;
import dev.tenon.mixer.SmallKernel;
import dev.tenon.mixer.Yaml;
import dev.tenon.mixer.check.StandardVocabulary;
import dev.tenon.mixer.dispatch.Adapters;
import dev.tenon.mixer.dispatch.Answer;
import dev.tenon.mixer.dispatch.Far;
import dev.tenon.mixer.dispatch.Placement;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.policy.Grant;
import dev.tenon.spi.policy.HeaderEdit;
import dev.tenon.spi.policy.PolicyEngine.Policy;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.spi.rules.Meta;
import dev.tenon.spi.rules.PolicyRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that charge quotas. */
class QuotaTest {
  private static final Map<String, Object> JOHN =
      Map.of("request.headers", Map.of("x-user", "john"), "destination.port", 80L);

  /** The rule that charges stands before the one that checks. */
  private static final String LIMIT =
      """
      kind: handler
      metadata: {name: limit}
      spec: {compiledAdapter: counting}
      ---
      kind: instance
      metadata: {name: requests}
      spec:
        compiledTemplate: quota
        params: {dimensions: {user: 'request.headers["x-user"] | "nobody"', port: destination.port}}
      ---
      kind: rule
      metadata: {name: a-limit, annotations: {policy.tenon.dev/on-failure: closed}}
      spec: {actions: [{handler: limit, instances: [requests]}]}
      """;

  private static final String LIMIT_AND_CHECK =
      LIMIT
          + """
          ---
          kind: handler
          metadata: {name: guard}
          spec: {compiledAdapter: scripted}
          ---
          kind: instance
          metadata: {name: anything}
          spec: {compiledTemplate: checknothing}
          ---
          kind: rule
          metadata: {name: b-check}
          spec: {actions: [{handler: guard, instances: [anything]}]}
          """;

  private final SmallKernel kernel = SmallKernel.start("deadline=50ms");

  @AfterEach
  void close() {
    kernel.close();
  }

  private Policy compile(String yaml) {
    return kernel.engine().compile(Yaml.policy(yaml));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void requestsBeyondTheQuotaAreDenied(boolean nonBlocking) {
    kernel.install(Counting.upTo(2, nonBlocking));
    Policy policy = compile(LIMIT);
    assertThat(Asked.of(policy, JOHN).allowed()).isTrue();
    assertThat(Asked.of(policy, JOHN).allowed()).isTrue();
    Asked third = Asked.of(policy, JOHN);
    assertThat(third.body()).isEqualTo("RESOURCE_EXHAUSTED:limit.default:Quota is exhausted for: requests");
    assertThat(third.outcome().rule()).isEqualTo("a-limit.default");
    assertThat(((Verdict.Deny) third.outcome().verdict()).code().httpStatus()).isEqualTo(429);
    assertThat(third.atOnce() || !nonBlocking).isTrue();
  }

  @Test
  void theAdapterIsGivenTheDimensions() {
    Counting counting = Counting.upTo(9, true);
    kernel.install(counting);
    Asked.of(compile(LIMIT), JOHN).outcome();
    assertThat(counting.asked).singleElement()
        .satisfies(instance -> assertThat(instance.name()).isEqualTo("requests.instance.default"))
        .satisfies(instance -> assertThat(instance.values()).isEqualTo(Map.of("dimensions", Map.of("user", "john", "port", 80L))));
  }

  @Test
  void withoutDimensionsAllRequestsCountTogether() {
    Counting counting = Counting.upTo(9, true);
    kernel.install(counting);
    Asked.of(compile(LIMIT.replaceAll("params: .*", "params: {}")), JOHN).outcome();
    assertThat(counting.asked).singleElement()
        .satisfies(instance -> assertThat(instance.values()).isEqualTo(Map.of("dimensions", Map.of())));
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void aRequestThatACheckDeniesTakesNothing(boolean checkComputes, boolean quotaComputes) {
    Counting counting = Counting.upTo(9, quotaComputes);
    Scripted guard =
        checkComputes
            ? Scripted.computing("scripted", instance -> Scripted.deny("no"))
            : Scripted.blocking("scripted", instance -> Scripted.deny("no"));
    kernel.install(counting, guard);
    assertThat(Asked.of(compile(LIMIT_AND_CHECK), JOHN).body()).isEqualTo("PERMISSION_DENIED:guard.default:no");
    assertThat(counting.asked).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void aRequestThatAllChecksLetGoOnIsCharged(boolean checkComputes, boolean quotaComputes) {
    kernel.install(
        Counting.upTo(1, quotaComputes),
        checkComputes
            ? Scripted.computing("scripted", instance -> Verdict.ALLOW)
            : Scripted.blocking("scripted", instance -> Verdict.ALLOW));
    Policy policy = compile(LIMIT_AND_CHECK);
    assertThat(Asked.of(policy, JOHN).allowed()).isTrue();
    Asked second = Asked.of(policy, JOHN);
    assertThat(second.body()).startsWith("RESOURCE_EXHAUSTED:limit.default");
    assertThat(second.timesTold()).isEqualTo(1);
  }

  @Test
  void aQuotaThatDoesNotAnswerIsTheRulesToDecide() {
    CountDownLatch never = new CountDownLatch(1);
    kernel.install(
        new Counting(
            false,
            (instance, charge) -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return new Grant(1, Duration.ZERO);
            }));
    assertThat(Asked.of(compile(LIMIT), JOHN).body())
        .isEqualTo("UNAVAILABLE:limit.default:no answer within 50 ms (rule a-limit.default)");
    assertThat(Asked.of(compile(LIMIT.replace("on-failure: closed", "on-failure: open")), JOHN).allowed()).isTrue();
  }

  @Test
  void aGrantOfMoreThanWasAskedForIsAFailure() {
    kernel.install(new Counting(true, (instance, charge) -> new Grant(charge.amount() + 1, Duration.ZERO)));
    assertThat(Asked.of(compile(LIMIT), JOHN).body()).startsWith("UNAVAILABLE:limit.default:the adapter counting gave no verdict");
  }

  @Test
  void aDimensionThatTheRequestLacksIsTheRulesToDecide() {
    kernel.install(Counting.upTo(9, true));
    assertThat(Asked.of(compile(LIMIT), Map.of()).body()).startsWith("INTERNAL:limit.default:requests.instance.default.dimensions");
  }

  @Test
  void anAdapterThatTakesNoQuotaIsRefusedWhenItIsThere() {
    String yaml = LIMIT.replace("counting", "scripted");
    Policy before = compile(yaml);
    kernel.install(Scripted.computing("scripted", instance -> Verdict.ALLOW));
    assertThat(Asked.of(before, JOHN).body()).contains("the adapter scripted takes no quota");
    assertThatThrownBy(() -> compile(yaml))
        .isInstanceOf(BadConfig.class)
        .hasMessageContaining("the adapter scripted of handler limit.default takes no quota; it takes checknothing, listentry");
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', textBlock = """
      request.headers["x-cost"] | "1"                        ; 7    ; 7
      request.headers["x-cost"] | "1"                        ;      ; 1
      request.headers["x-cost"] | "1"                        ; 0    ; 0
      request.headers["x-cost"] | "1"                        ; -3   ; -1
      request.headers["x-cost"] | "1"                        ; many ; -1
      'cel: (int(request.headers["x-cost"]) + 1023) / 1024'  ; 4097 ; 5
      destination.port                                       ;      ; 80
      """)
  void whatARequestIsChargedIsAnExpression(String amount, @Nullable String header, long expected) {
    List<Long> charged = new ArrayList<>();
    kernel.install(
        new Counting(
            true,
            (instance, charge) -> {
              assertThat(instance.values()).containsOnlyKeys("dimensions");
              charged.add(charge.amount());
              return new Grant(charge.amount(), Duration.ZERO);
            }));
    Policy policy = compile(LIMIT.replaceAll("params: .*", Matcher.quoteReplacement("params: {amount: '" + amount + "'}")));
    Map<String, Object> request = new HashMap<>(JOHN);
    request.put("request.headers", header == null ? Map.of() : Map.of("x-cost", header));
    request.put("destination.port", 80L);
    assertThat(Asked.of(policy, request).allowed()).isEqualTo(expected >= 0);
    assertThat(charged).isEqualTo(expected > 0 ? List.of(expected) : List.of());
  }

  @Test
  void aFactoryThatTakesQuotaAndBuildsNoQuotaAdapterIsRefused() {
    kernel.install(Scripted.computing("counting", instance -> Verdict.ALLOW).of(Template.QUOTA));
    assertThatThrownBy(() -> compile(LIMIT))
        .isInstanceOf(BadConfig.class)
        .hasMessageContaining("it takes quota, and made no QuotaAdapter");
  }

  @Test
  void aQuotaThatQuotaSpecsNameIsChargedWhatTheySayAndWhereTheyAreBound() {
    List<Long> charged = new ArrayList<>();
    kernel.install(
        new Counting(
            true,
            (instance, charge) -> {
              charged.add(charge.amount());
              return new Grant(charge.amount(), Duration.ZERO);
            }));
    Policy policy = kernel.engine().compile(charged(charge(2, "request.path == \"/a\""), charge(3, ""), charge(9, "request.method == \"GET\"")));
    Map<String, Object> request = new HashMap<>(JOHN);
    assertThat(Asked.of(policy, request).allowed()).isTrue();
    request.put("request.path", "/a");
    assertThat(Asked.of(policy, request).allowed()).isTrue();
    assertThat(charged).containsExactly(3L, 5L);
    Policy unbound = kernel.engine().compile(charged());
    assertThat(Asked.of(unbound, Map.of()).allowed()).isTrue();
    assertThat(charged).hasSize(2);
  }

  @Test
  void aQuotaSpecThatMatchesWhatIsNoAttributeIsRefused() {
    kernel.install(Counting.upTo(9, true));
    assertThatThrownBy(() -> kernel.engine().compile(charged(charge(1, "(request.pth | \"\") == \"a\""))))
        .isInstanceOf(BadConfig.class)
        .hasMessageContaining("QuotaSpec spec.istio-system: at 1:2: unknown attribute request.pth");
  }

  private static PolicyRules.QuotaCharge charge(long amount, String match) {
    return new PolicyRules.QuotaCharge(new Meta("istio-system", "spec", Position.of("spec.yaml")), amount, match);
  }

  private static PolicyRules charged(PolicyRules.QuotaCharge... charges) {
    PolicyRules rules = Yaml.policy(LIMIT);
    return new PolicyRules(
        rules.namespace(),
        rules.handlers(),
        rules.instances().stream().map(each -> each.charged(List.of(charges))).toList(),
        rules.rules());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAnswerTellsHowTheLimitStandsAndADeniedOneWhenToComeAgainAndWhichRuleItWas(boolean nonBlocking) {
    List<Long> left = new ArrayList<>(List.of(1L, 0L));
    kernel.install(
        new Counting(
            nonBlocking,
            (instance, charge) ->
                left.isEmpty()
                    ? new Grant(0, Duration.ofSeconds(3), new Grant.Standing(2, 0, Duration.ofMillis(2_100)))
                    : new Grant(1, Duration.ofSeconds(3), new Grant.Standing(2, left.removeFirst(), Duration.ofMillis(2_900)))));
    Policy policy = compile(LIMIT);
    assertThat(heads(policy)).isEqualTo("x-ratelimit-limit=2 x-ratelimit-remaining=1 x-ratelimit-reset=3");
    assertThat(heads(policy)).isEqualTo("x-ratelimit-limit=2 x-ratelimit-remaining=0 x-ratelimit-reset=3");
    assertThat(heads(policy))
        .isEqualTo(
            "x-ratelimit-limit=2 x-ratelimit-remaining=0 x-ratelimit-reset=3 retry-after=3"
                + " x-tenon-denied-by=a-limit.default");
  }

  private static String heads(Policy policy) {
    return Asked.of(policy, JOHN).outcome().response().stream()
        .map(each -> each.name() + "=" + each.value())
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRuleMayLetARequestGoOnForWhichNothingIsLeftAndTellIt(boolean nonBlocking) {
    kernel.install(Counting.upTo(0, nonBlocking));
    PolicyRules rules = Yaml.policy(LIMIT);
    PolicyRules.Rule rule = rules.rules().getFirst();
    Policy policy =
        kernel
            .engine()
            .compile(
                new PolicyRules(
                    rules.namespace(),
                    rules.handlers(),
                    rules.instances(),
                    List.of(new PolicyRules.Rule(rule.meta(), "", rule.matchAt(), rule.actions(), false, true, List.of(), List.of()))));
    Asked asked = Asked.of(policy, JOHN);
    assertThat(asked.allowed()).isTrue();
    assertThat(asked.outcome().request()).containsExactly(HeaderEdit.replace("x-ratelimit-exceeded", "a-limit.default"));
  }

  @Test
  void whoJudgesForOthersAsksItsOwnHandlersThoughItsOwnRequestsAskElsewhere() {
    Counting counting = Counting.upTo(1, true);
    Far nobody =
        new Far() {
          @Override
          public @Nullable Answer known(String handler, dev.tenon.mixer.dispatch.Asked asked) {
            return Answer.unavailable("far away");
          }

          @Override
          public dev.tenon.spi.policy.Grant.Standing standing(String handler, dev.tenon.mixer.dispatch.Asked asked) {
            throw new UnsupportedOperationException("nobody asks");
          }

          @Override
          public void ask(String handler, dev.tenon.mixer.dispatch.Asked asked, Consumer<Answer> told) {}
        };
    try (Adapters adapters = new Adapters(Limits.DEFAULT, kernel.guards(), new Placement(nobody, Set.of("counting"), Set.of()))) {
      adapters.present(List.of(new Offer<>("counting", "1", counting)));
      Engine engine = new Engine(StandardVocabulary.STANDARD, adapters, kernel.timers());
      try (Policy far = engine.compile(Yaml.policy(LIMIT)); Policy here = engine.compileHere(Yaml.policy(LIMIT))) {
        assertThat(Asked.of(far, JOHN).body()).contains("far away");
        assertThat(Asked.of(here, JOHN).allowed()).isTrue();
        assertThat(counting.asked).hasSize(1);
      }
    }
  }
}
