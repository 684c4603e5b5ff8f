package dev.tenon.mixer.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tenon.mixer.Scripted;
import dev.tenon.mixer.SmallKernel;
import dev.tenon.mixer.Yaml;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.policy.HeaderEdit;
import dev.tenon.spi.policy.PolicyEngine;
import dev.tenon.spi.policy.PolicyEngine.Policy;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.spi.rules.Meta;
import dev.tenon.spi.rules.PolicyRules;
import dev.tenon.spi.rules.PolicyRules.HeaderRule.Operation;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine with adapters that only compute, and adapters that come and go. */
class EngineTest {
  private static final Map<String, Object> JOHN = Map.of("request.headers", Map.of("x-user", "john"));
  private static final Map<String, Object> NOBODY = Map.of("request.headers", Map.of());

  /** {@code RULE} stands for the rest of the rule's metadata. */
  private static final String DENY_JOHN =
      """
      kind: handler
      metadata: {name: guard}
      spec: {compiledAdapter: scripted}
      ---
      kind: instance
      metadata: {name: anything}
      spec: {compiledTemplate: checknothing}
      ---
      kind: rule
      metadata: {name: no-john, annotations: {policy.tenon.dev/on-failure: closed}}
      spec:
        match: (request.headers["x-user"] | "") == "john"
        actions: [{handler: guard, instances: [anything]}]
      """;

  private static final String DENY_JOHN_OPEN = DENY_JOHN.replace("on-failure: closed", "on-failure: open");

  private final SmallKernel kernel = SmallKernel.start("failures=2", "quarantine=1m");
  private final Scripted denying = Scripted.computing("scripted", instance -> Scripted.deny("go away"));

  @AfterEach
  void close() {
    kernel.close();
  }

  private Policy compile(String yaml) {
    return kernel.engine().compile(Yaml.policy(yaml));
  }

  @Test
  void aDenialNamesHandlerAndRule() {
    kernel.install(denying);
    Asked asked = Asked.of(compile(DENY_JOHN), JOHN);
    assertThat(asked.atOnce()).isTrue();
    assertThat(asked.body()).isEqualTo("PERMISSION_DENIED:guard.default:go away");
    assertThat(asked.outcome().rule()).isEqualTo("no-john.default");
    assertThat(asked.outcome().handler()).isEqualTo("guard.default");
  }

  @Test
  void noAdapterIsCalledWhenNoRuleMatches() {
    kernel.install(denying);
    assertThat(Asked.of(compile(DENY_JOHN), NOBODY).allowed()).isTrue();
    assertThat(denying.calls).hasValue(0);
  }

  @Test
  void aMatchThatCannotBeEvaluatedDoesNotHold() {
    kernel.install(denying);
    Policy policy = compile(DENY_JOHN.replace("(request.headers[\"x-user\"] | \"\") == \"john\"", "source.name != \"x\""));
    assertThat(Asked.of(policy, Map.of()).allowed()).isTrue();
    assertThat(Asked.of(policy, Map.of("source.name", "y")).allowed()).isFalse();
  }

  @Test
  void anEmptyMatchAlwaysHolds() {
    kernel.install(denying);
    Policy policy = compile(DENY_JOHN.replace("match: (request.headers[\"x-user\"] | \"\") == \"john\"", ""));
    assertThat(Asked.of(policy, Map.of()).allowed()).isFalse();
  }

  @Test
  void whileAnAdapterIsAbsentAClosedRuleDeniesAndSaysWhy() {
    assertThat(Asked.of(compile(DENY_JOHN), JOHN).body())
        .isEqualTo(
            "UNAVAILABLE:guard.default:the adapter scripted is not installed (rule no-john.default)");
  }

  @Test
  void aPolicyWaitsForAdaptersThatStartWhenTheyAreLookedFor() throws Exception {
    try (SmallKernel late = SmallKernel.start()) {
      CompletableFuture<Void> come = late.arriving();
      AtomicReference<Policy> compiled = new AtomicReference<>();
      Thread compiling = Thread.ofPlatform().start(() -> compiled.set(late.engine().compile(Yaml.policy(DENY_JOHN_OPEN))));
      await().atMost(Duration.ofSeconds(40)).until(() -> compiling.getState() == Thread.State.TIMED_WAITING);
      late.install(denying);
      come.complete(null);
      compiling.join();
      assertThat(Asked.of(Objects.requireNonNull(compiled.get()), JOHN).allowed()).as("an open rule whose adapter is there").isFalse();
    }
  }

  @Test
  void whileAnAdapterIsAbsentAnOpenRuleLetsThrough() {
    assertThat(Asked.of(compile(DENY_JOHN_OPEN), JOHN).allowed()).isTrue();
  }

  @Test
  void anAdapterTakesEffectWhenItComesAndNoLongerWhenItGoes() {
    Policy policy = compile(DENY_JOHN_OPEN);
    kernel.install(denying);
    assertThat(Asked.of(policy, JOHN).allowed()).isFalse();
    kernel.install();
    assertThat(denying.closed).hasValue(1);
    assertThat(Asked.of(policy, JOHN).allowed()).isTrue();
  }

  @Test
  void anotherBuildOfAnAdapterTakesOver() {
    Policy policy = compile(DENY_JOHN);
    kernel.install(denying);
    Scripted next = Scripted.computing("scripted", instance -> Verdict.ALLOW);
    kernel.install(next);
    assertThat(Asked.of(policy, JOHN).allowed()).isTrue();
    assertThat(denying.closed).hasValue(1);
    assertThat(next.closed).hasValue(0);
  }

  @Test
  void nothingHoldsAnAdapterThatIsGone() {
    Policy policy = compile(DENY_JOHN);
    WeakReference<Object> factory = installed(() -> Scripted.computing("scripted", instance -> null));
    Asked.of(policy, JOHN).outcome();
    kernel.install();
    await().atMost(Duration.ofSeconds(40)).until(() -> collected(factory));
    assertThat(Asked.of(policy, JOHN).allowed()).isFalse();
  }

  private WeakReference<Object> installed(Supplier<Scripted> made) {
    Scripted factory = made.get();
    kernel.install(factory);
    return new WeakReference<>(factory);
  }

  private static boolean collected(WeakReference<Object> reference) {
    System.gc();
    return reference.get() == null;
  }

  @Test
  void parametersThatAPresentAdapterRefusesAreRefusedWithTheirPlace() {
    kernel.install(denying);
    assertThatThrownBy(() -> compile(DENY_JOHN.replace("scripted}", "scripted, params: {note: bad}}")))
        .isInstanceOf(BadConfig.class)
        .hasMessageContaining("policy.yaml:3:50: error: handler guard.default params.note: is bad");
    assertThatThrownBy(() -> compile(DENY_JOHN.replace("scripted}", "scripted, params: {nota: good}}")))
        .isInstanceOf(BadConfig.class)
        .hasMessageContaining("nota: unknown field; known here: note");
    assertThat(denying.built.get()).isEqualTo(denying.closed.get());
  }

  @Test
  void anAdapterThatComesLaterAndRefusesItsParametersLeavesTheChoiceToTheRule() {
    String bad = "scripted, params: {note: bad}}";
    Policy closed = compile(DENY_JOHN.replace("scripted}", bad));
    Policy open = compile(DENY_JOHN_OPEN.replace("scripted}", bad));
    kernel.install(denying);
    assertThat(Asked.of(closed, JOHN).body()).contains("UNAVAILABLE").contains("refuses its parameters");
    assertThat(Asked.of(open, JOHN).allowed()).isTrue();
  }

  @Test
  void anExpressionThatDoesNotCompileIsRefusedWithItsPlace() {
    assertThatThrownBy(() -> compile(DENY_JOHN.replace("request.headers", "request.header")))
        .isInstanceOf(BadConfig.class)
        .hasMessageContaining("policy.yaml:12:11")
        .hasMessageContaining("at 1:2: unknown attribute request.header; did you mean request.headers");
  }

  @Test
  void aHandlerOutlivesThePolicyAsLongAsItsParametersStayTheSame() {
    kernel.install(denying);
    Policy first = compile(DENY_JOHN);
    Policy second = compile(DENY_JOHN.replace("\"john\"", "\"jim\""));
    first.close();
    assertThat(denying.built).hasValue(1);
    assertThat(denying.closed).hasValue(0);
    Policy third = compile(DENY_JOHN.replace("scripted}", "scripted, params: {note: new}}"));
    second.close();
    assertThat(denying.built).hasValue(2);
    assertThat(denying.closed).hasValue(1);
    third.close();
    third.close();
    assertThat(denying.closed).hasValue(2);
  }

  @Test
  void theFirstDenialInTheOrderOfTheRulesDecides() {
    kernel.install(denying, Scripted.computing("other", instance -> Scripted.deny("not you")));
    Policy policy =
        compile(
            DENY_JOHN
                + """
                ---
                kind: handler
                metadata: {name: second}
                spec: {compiledAdapter: other}
                ---
                kind: rule
                metadata: {name: always}
                spec:
                  actions: [{handler: second, instances: [anything]}]
                """);
    assertThat(Asked.of(policy, JOHN).body()).isEqualTo("PERMISSION_DENIED:guard.default:go away");
    assertThat(Asked.of(policy, NOBODY).body()).isEqualTo("PERMISSION_DENIED:second.default:not you");
  }

  @ParameterizedTest
  @ValueSource(strings = {"exception", "overflow", "linkage", "nothing"})
  void whateverAnAdapterThrowsTheRuleDecides(String trouble) {
    kernel.install(Scripted.computing("scripted", instance -> fail(trouble)));
    assertThat(Asked.of(compile(DENY_JOHN_OPEN), JOHN).allowed()).isTrue();
    assertThat(Asked.of(compile(DENY_JOHN), JOHN).body()).startsWith("UNAVAILABLE:guard.default:the adapter scripted");
  }

  @SuppressWarnings("NullAway") // an adapter may be wrong in this way too
  private static @Nullable Verdict fail(String trouble) {
    return switch (trouble) {
      case "exception" -> throw new IllegalStateException("scripted failure");
      case "linkage" -> throw new NoClassDefFoundError("scripted/Missing");
      case "overflow" -> overflow(0);
      default -> null;
    };
  }

  private static Verdict overflow(int depth) {
    return depth < 0 ? Verdict.ALLOW : overflow(depth + 1);
  }

  @Test
  void aHandlerThatKeepsFailingIsLeftAlone() {
    Scripted failing = Scripted.computing("scripted", instance -> fail("exception"));
    kernel.install(failing);
    Policy policy = compile(DENY_JOHN);
    for (int i = 0; i < 5; i++) {
      assertThat(Asked.of(policy, JOHN).allowed()).isFalse();
    }
    assertThat(failing.calls).hasValue(2);
    assertThat(Asked.of(policy, JOHN).body()).contains("is left alone");
  }

  @Test
  void anInstanceWhoseAttributeIsAbsentLeavesNothingToJudgeBy() {
    kernel.install(denying);
    String entry =
        DENY_JOHN.replace("{compiledTemplate: checknothing}", "{compiledTemplate: listentry, params: {value: source.name}}");
    assertThat(Asked.of(compile(entry), JOHN).body())
        .isEqualTo("INTERNAL:guard.default:anything.instance.default.value: the request has no source.name (rule no-john.default)");
    assertThat(Asked.of(compile(entry.replace("closed", "open")), JOHN).allowed()).isTrue();
    assertThat(denying.calls).hasValue(0);
  }

  @Test
  void anAdapterIsGivenTheValuesOfItsInstance() {
    kernel.install(Scripted.computing("scripted", each -> Scripted.deny(each.name() + " " + each.values())));
    String entry =
        DENY_JOHN.replace("{compiledTemplate: checknothing}", "{compiledTemplate: listentry, params: {value: 'request.headers[\"x-user\"] + \"!\"'}}");
    assertThat(Asked.of(compile(entry), JOHN).body())
        .isEqualTo("PERMISSION_DENIED:guard.default:anything.instance.default {value=john!}");
  }

  @Test
  void aNameThatNothingHasFailsItsRuleUntilItIsThere() {
    kernel.install(denying);
    Policy policy = compile(DENY_JOHN.replace("handler: guard", "handler: gard"));
    assertThat(Asked.of(policy, JOHN).body()).contains("gard.default:there is no such handler");
    assertThat(Asked.of(compile(DENY_JOHN.replace("[anything]", "[any]")), JOHN).body())
        .contains("there is no instance any.default");
  }

  @Test
  void whatACallerIsToldIsOneBoundedLine() {
    kernel.install(Scripted.computing("scripted", each -> Scripted.deny("a\r\nb" + "x".repeat(5000))));
    Asked asked = Asked.of(compile(DENY_JOHN), JOHN);
    assertThat(asked.outcome().verdict())
        .isInstanceOfSatisfying(
            Verdict.Deny.class,
            deny -> assertThat(deny.message()).startsWith("a  bx").hasSize(1024));
  }

  @Test
  void aRuleThatLetsARequestGoOnChangesHeads() {
    PolicyRules.Rule rule =
        new PolicyRules.Rule(
            new Meta("default", "heads", Position.of("rule.yaml")),
            "request.method == \"GET\"",
            Position.of("rule.yaml"),
            List.of(),
            false,
            false,
            List.of(
                new PolicyRules.HeaderRule(Operation.REPLACE, "x-user", List.of("source.user | \"nobody\"", "source.name")),
                new PolicyRules.HeaderRule(Operation.REPLACE, "x-none", List.of("source.name"))),
            List.of(new PolicyRules.HeaderRule(Operation.REMOVE, "server", List.of())));
    Policy policy = kernel.engine().compile(new PolicyRules("default", List.of(), List.of(), List.of(rule)));
    PolicyEngine.Outcome got = Asked.of(policy, Map.of("request.method", "GET", "source.user", "john")).outcome();
    assertThat(got.request()).containsExactly(HeaderEdit.replace("x-user", "john"));
    assertThat(got.response()).containsExactly(new HeaderEdit(Operation.REMOVE, "server", ""));
    assertThat(Asked.of(policy, Map.of("request.method", "PUT")).outcome()).isEqualTo(PolicyEngine.Outcome.ALLOWED);
  }
}
