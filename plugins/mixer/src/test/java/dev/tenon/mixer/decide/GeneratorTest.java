package dev.tenon.mixer.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.mixer.Scripted;
import dev.tenon.mixer.SmallKernel;
import dev.tenon.mixer.Yaml;
import dev.tenon.mixer.evaluate.GivenAttributes;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.AttributeGenerator;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import dev.tenon.spi.policy.PolicyEngine.Policy;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Adapters that make attributes. */
class GeneratorTest {
  private static final String MAKE =
      """
      kind: handler
      metadata: {name: env}
      spec: {compiledAdapter: env}
      ---
      kind: instance
      metadata: {name: attributes}
      spec:
        compiledTemplate: kubernetes
        params: {source_uid: 'source.uid | ""'}
        attributeBindings:
          source.name: $out.source_pod_name | "unknown"
          source.labels: $out.source_labels
          source.uid: $out.source_pod_uid | "unknown"
      ---
      kind: rule
      metadata: {name: make}
      spec: {actions: [{handler: env, instances: [attributes]}]}
      """;

  private static final String DENY =
      """
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
      metadata: {name: a-deny}
      spec: {match: 'source.labels["app"] == "john"', actions: [{handler: guard, instances: [anything]}]}
      """;

  private final SmallKernel kernel = SmallKernel.start();
  private final AtomicInteger asked = new AtomicInteger();

  @AfterEach
  void close() {
    kernel.close();
  }

  private AdapterFactory env(boolean nonBlocking, AttributeGenerator generator) {
    return new AdapterFactory() {
      @Override
      public String name() {
        return "env";
      }

      @Override
      public Set<Template> templates() {
        return Set.of(Template.KUBERNETES);
      }

      @Override
      public boolean nonBlocking() {
        return nonBlocking;
      }

      @Override
      public Adapter build(Fields params) {
        AttributeGenerator counted =
            instance -> {
              asked.incrementAndGet();
              return generator.generate(instance);
            };
        return counted;
      }
    };
  }

  private Policy policy(String yaml, AttributeGenerator generator) {
    kernel.install(env(true, generator), Scripted.computing("scripted", instance -> Scripted.deny("no")));
    return kernel.engine().compile(Yaml.policy(yaml));
  }

  private static String body(Policy policy, Map<String, Object> request) {
    Attributes seen = policy.generate(new GivenAttributes(request));
    Outcome outcome = Objects.requireNonNull(policy.check(seen, later -> {}));
    return outcome.verdict() instanceof Verdict.Deny deny ? outcome.handler() + ":" + deny.message() : "allowed";
  }

  @Test
  void rulesReadWhatAdaptersMake() {
    Policy policy =
        policy(MAKE + DENY, instance -> Map.of("source_labels", Map.of("app", String.valueOf(instance.values().get("source_uid")))));
    assertThat(body(policy, Map.of("source.uid", "john"))).isEqualTo("guard.default:no");
    assertThat(body(policy, Map.of("source.uid", "mary"))).isEqualTo("allowed");
  }

  @Test
  void whatTheRequestHasIsNeverReplacedAndNobodyIsAskedForIt() {
    Policy policy = policy(MAKE + DENY, instance -> Map.of("source_labels", Map.of("app", "john")));
    assertThat(body(policy, Map.of("source.labels", Map.of("app", "mary")))).isEqualTo("allowed");
    assertThat(asked).hasValue(0);
  }

  @Test
  void anAdapterIsAskedOnceForAllItsAttributes() {
    Policy policy = policy(MAKE, instance -> Map.of("source_pod_name", "john"));
    Attributes seen = policy.generate(new GivenAttributes(Map.of()));
    assertThat(asked).hasValue(0);
    assertThat(seen.get("source.name")).isEqualTo("john");
    assertThat(seen.get("source.uid")).isEqualTo("unknown");
    assertThat(seen.get("source.labels")).isNull();
    assertThat(seen.snapshot().get("source.name")).isEqualTo("john");
    assertThat(asked).hasValue(1);
  }

  @Test
  void aDenialThatCannotBeJudgedSinceAnAdapterFailsIsNoAllowance() {
    AttributeGenerator failing =
        instance -> {
          throw new IllegalStateException("told to fail");
        };
    assertThat(body(policy(MAKE + DENY, failing), Map.of())).startsWith("env.default:the adapter env failed (rule make.default)");
    String open = (MAKE + DENY).replace("metadata: {name: make}", "metadata: {name: make, annotations: {policy.tenon.dev/on-failure: open}}");
    assertThat(body(policy(open, failing), Map.of())).isEqualTo("allowed");
  }

  @Test
  void adaptersThatWaitForEachOtherAreRefused() {
    String two =
        MAKE
            + """
            ---
            kind: instance
            metadata: {name: more}
            spec:
              compiledTemplate: kubernetes
              params: {source_uid: source.name}
              attributeBindings: {source.uid: $out.source_pod_uid}
            ---
            kind: rule
            metadata: {name: make-more}
            spec: {actions: [{handler: env, instances: [more]}]}
            """;
    assertThatThrownBy(() -> policy(two, instance -> Map.of()))
        .isInstanceOf(BadConfig.class)
        .hasMessageContaining("makes attributes of what it waits for: attributes.instance.default, more.instance.default");
    assertThat(kernel.validator().validateTogether(Yaml.objects(two)).values().toString())
        .contains("policy.yaml:11:5: error: spec.attributeBindings", "policy.yaml:24:22: error: spec.attributeBindings", "TEN0308");
  }

  @Test
  void oneIsAskedAfterThoseWhoseAttributesItReads() {
    String chain =
        MAKE
            + """
            ---
            kind: instance
            metadata: {name: before}
            spec:
              compiledTemplate: kubernetes
              params: {source_uid: 'source.owner | ""'}
              attributeBindings: {source.owner: $out.source_owner}
            ---
            kind: instance
            metadata: {name: after}
            spec:
              compiledTemplate: kubernetes
              params: {source_uid: source.owner}
              attributeBindings: {source.workload.name: $out.source_workload_name}
            ---
            kind: rule
            metadata: {name: chain}
            spec: {actions: [{handler: env, instances: [after, before]}]}
            """;
    Policy policy =
        policy(
            chain,
            instance ->
                instance.name().startsWith("before")
                    ? Map.of("source_owner", "deployment")
                    : Map.of("source_workload_name", "of " + instance.values().get("source_uid")));
    assertThat(policy.generate(new GivenAttributes(Map.of())).get("source.workload.name")).isEqualTo("of deployment");
  }

  @Test
  void bindingsAreCheckedWhenTheyAreApplied() {
    assertThatThrownBy(() -> policy(MAKE.replace("$out.source_pod_name", "$out.source_pod_nam"), instance -> Map.of()))
        .hasMessageContaining("policy.yaml:11:18")
        .hasMessageContaining("unknown attribute $out.source_pod_nam; did you mean $out.source_pod_name");
    assertThatThrownBy(() -> policy(MAKE.replace("source.name:", "source.nam:"), instance -> Map.of()))
        .hasMessageContaining("there is no attribute source.nam; near: source.name");
    assertThatThrownBy(() -> policy(MAKE.replace("source.name:", "source.ip:"), instance -> Map.of()))
        .hasMessageContaining("the attribute source.ip is a IP_ADDRESS");
  }

  @Test
  void anAdapterThatMayBlockMakesNoAttributes() {
    kernel.install(env(false, instance -> Map.of()));
    assertThatThrownBy(() -> kernel.engine().compile(Yaml.policy(MAKE)))
        .hasMessageContaining("it makes attributes, and says that it may block");
  }
}
