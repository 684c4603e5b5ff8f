package dev.tenon.mixer.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tenon.mixer.SmallKernel;
import dev.tenon.mixer.Told;
import dev.tenon.mixer.Yaml;
import dev.tenon.mixer.evaluate.GivenAttributes;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.PolicyEngine.Policy;
import dev.tenon.spi.policy.Template;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that report. */
class ReportTest {
  private static final Map<String, Object> OK = Map.of("response.code", 200L, "request.path", "/a");

  private static final String METRIC =
      """
      kind: handler
      metadata: {name: ears}
      spec: {compiledAdapter: told}
      ---
      kind: instance
      metadata: {name: count}
      spec:
        compiledTemplate: metric
        params:
          value: "1"
          dimensions: {code: response.code, path: request.path}
          monitored_resource_type: '"UNSPECIFIED"'
      ---
      kind: rule
      metadata: {name: tell}
      spec: {match: response.code >= 200, actions: [{handler: ears, instances: [count]}]}
      """;

  private final SmallKernel kernel = SmallKernel.start("deadline=1s");

  @AfterEach
  void close() {
    kernel.close();
  }

  private Policy compile(String yaml) {
    return kernel.engine().compile(Yaml.policy(yaml));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRequestThatIsOverIsToldWithTheTemplatesValues(boolean nonBlocking) {
    Told told = new Told(nonBlocking);
    kernel.install(told);
    Policy policy = compile(METRIC);
    policy.report(new GivenAttributes(OK));
    await().atMost(Duration.ofSeconds(40)).until(() -> !told.instances.isEmpty());
    Instance instance = told.instances.peek();
    assertThat(instance.name()).isEqualTo("count.instance.default");
    assertThat(instance.template()).isEqualTo(Template.METRIC);
    assertThat(instance.values())
        .isEqualTo(
            Map.of(
                "value", 1L, "dimensions", Map.of("code", 200L, "path", "/a"),
                "monitoredResourceType", "UNSPECIFIED", "monitoredResourceDimensions", Map.of()));
  }

  @Test
  void manyRequestsAreToldInBatchesInTheirOrder() {
    Told told = new Told(false);
    kernel.install(told);
    Policy policy = compile(METRIC);
    for (long i = 0; i < 1200; i++) {
      policy.report(new GivenAttributes(Map.of("response.code", 200 + i, "request.path", "/")));
    }
    await().atMost(Duration.ofSeconds(40)).until(() -> told.instances.size() == 1200);
    assertThat(told.calls.get()).isLessThan(12);
    List<String> dimensions = told.instances.stream().map(each -> String.valueOf(each.values().get("dimensions"))).toList();
    assertThat(dimensions.getFirst()).contains("code=200");
    assertThat(dimensions.get(777)).contains("code=977");
    assertThat(dimensions.getLast()).contains("code=1399");
  }

  @Test
  void rulesThatReportSayNothingBeforeTheRequestIsOver() {
    Told told = new Told(true);
    kernel.install(told);
    Policy policy = compile(METRIC.replace("match: response.code >= 200, ", ""));
    assertThat(Asked.of(policy, OK).allowed()).isTrue();
    assertThat(told.instances).isEmpty();
    assertThat(policy.reported()).containsExactlyInAnyOrder("response.code", "request.path");
    assertThat(compile("kind: rule\nmetadata: {name: none}\nspec: {}\n").reported()).isEmpty();
  }

  @Test
  void aRuleThatOnlyReportsDeniesNobodyWhenItsAdapterIsAway() {
    assertThat(Asked.of(compile(METRIC), OK).allowed()).isTrue();
  }

  @Test
  void whatDoesNotMatchOrLacksAnAttributeIsNotToldAndTheLatterIsCounted() {
    Told told = new Told(true);
    kernel.install(told);
    Policy policy = compile(METRIC);
    policy.report(new GivenAttributes(Map.of("response.code", 100L, "request.path", "/")));
    policy.report(new GivenAttributes(Map.of("response.code", 200L)));
    policy.report(new GivenAttributes(OK));
    await().atMost(Duration.ofSeconds(40)).until(() -> !told.instances.isEmpty());
    assertThat(told.instances).hasSize(1);
    assertThat(kernel.figure("tenon_policy_reports_lost_total", "attributes")).isEqualTo(1);
    assertThat(kernel.figure("tenon_policy_reports_total", "told")).isEqualTo(1);
  }

  @Test
  void anAdapterThatFailsLosesItsReportsAndTheyAreCounted() {
    Told told = new Told(false);
    told.fails = true;
    kernel.install(told);
    compile(METRIC).report(new GivenAttributes(OK));
    await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(kernel.figure("tenon_policy_reports_lost_total", "adapter")).isEqualTo(1));
  }

  @Test
  void whatASlowAdapterCannotTakeIsDroppedAndCountedAndNobodyWaits() {
    CountDownLatch hold = new CountDownLatch(1);
    Told told = new Told(false);
    told.hold = hold;
    kernel.install(told);
    Policy policy = compile(METRIC);
    GivenAttributes request = new GivenAttributes(OK);
    try {
      for (int i = 0; i < 200_000; i++) {
        policy.report(request);
      }
      assertThat(kernel.figure("tenon_policy_reports_dropped_total", "")).isGreaterThan(100_000);
    } finally {
      hold.countDown();
    }
    await().atMost(Duration.ofSeconds(40)).until(() -> !told.instances.isEmpty());
  }

  @Test
  void whatWasReportedIsToldBeforeAPolicyIsClosed() {
    Told told = new Told(false);
    kernel.install(told);
    Policy policy = compile(METRIC);
    policy.report(new GivenAttributes(OK));
    policy.close();
    assertThat(told.instances).hasSize(1);
  }

  @Test
  void aFieldThatTheTemplateLacksOrOneGivenTwiceIsRefused() {
    assertThatThrownBy(() -> compile(METRIC.replace("monitored_resource_type", "colour")))
        .isInstanceOf(BadConfig.class)
        .hasMessageContaining("unknown field of the template metric");
    assertThatThrownBy(() -> compile(METRIC.replace("dimensions:", "monitoredResourceType: '\"x\"'\n    dimensions:")))
        .isInstanceOf(BadConfig.class)
        .hasMessageContaining("is given twice");
    assertThatThrownBy(() -> compile(METRIC.replace("value: \"1\"", "")))
        .isInstanceOf(BadConfig.class)
        .hasMessageContaining("params.value: is required");
  }
}
