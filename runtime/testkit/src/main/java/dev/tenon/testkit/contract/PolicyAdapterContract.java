package dev.tenon.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an adapter that checks requests promises. */
public abstract class PolicyAdapterContract extends PluginContract<AdapterFactory> {
  /** For the plug point of adapters. */
  protected PolicyAdapterContract() {
    super(AdapterFactory.class);
  }

  /** A new factory. */
  protected abstract AdapterFactory factory();

  /** Parameters of a handler, in YAML, a field a line. */
  protected abstract String params();

  /** The template of the questions below; {@code checknothing} unless said otherwise. */
  protected Template template() {
    return Template.CHECKNOTHING;
  }

  /** The template's values in a question that is answered with yes. */
  protected Map<String, Object> allowedValues() {
    return Map.of();
  }

  /** A request that such a handler lets go on; one that says nothing, where adapters judge by the template's values. */
  protected GivenRequest allowed() {
    return GivenRequest.of(Map.of());
  }

  /** The template's values in a question that is answered with no. */
  protected Map<String, Object> deniedValues() {
    return Map.of();
  }

  /** A request that such a handler denies; one that says nothing, where adapters judge by the template's values. */
  protected GivenRequest denied() {
    return GivenRequest.of(Map.of());
  }

  /** Whether such a handler denies whatever it is asked, so that there is nothing that it lets go on. */
  protected boolean deniesEverything() {
    return false;
  }

  private Adapter adapter() {
    return factory().build(fields(params()));
  }

  private Verdict ask(Adapter adapter, GivenRequest request, Map<String, Object> values) {
    Verdict verdict = adapter.check(new Instance("it.instance.default", template(), values, request));
    request.end();
    assertThat(verdict).as("a verdict; null counts as a failure").isNotNull();
    return verdict;
  }

  @Test
  void hasANameAndTakesTheTemplate() {
    assertThat(factory().name()).matches("[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?");
    assertThat(factory().templates()).contains(template());
  }

  @Test
  void readsAllItsParametersAndNoOthers() {
    assertReadsAll(params(), params -> factory().build(params).close());
  }

  @Test
  void letsGoOnWhatItShould() {
    assumeFalse(deniesEverything(), "the adapter lets nothing go on");
    try (Adapter adapter = adapter()) {
      assertThat(ask(adapter, allowed(), allowedValues())).isInstanceOf(Verdict.Allow.class);
    }
  }

  @Test
  void deniesWhatItShouldWithACodeAndAMessage() {
    try (Adapter adapter = adapter()) {
      assertThat(ask(adapter, denied(), deniedValues()))
          .isInstanceOfSatisfying(
              Verdict.Deny.class,
              deny -> {
                assertThat(deny.code()).isNotNull();
                assertThat(deny.message()).isNotBlank().doesNotContain("\n");
                assertThat(deny.message().length()).isLessThanOrEqualTo(1024);
                assertThat(deny.validity()).isNotNull();
              });
    }
  }

  @Test
  void judgesForManyRequestsAtOnce() {
    try (Adapter adapter = adapter()) {
      Crowd.eightAtOnce(
          () -> {
            for (int i = 0; i < 200; i++) {
              assertThat(deniesEverything() || ask(adapter, allowed(), allowedValues()) instanceof Verdict.Allow).isTrue();
              assertThat(ask(adapter, denied(), deniedValues())).isInstanceOf(Verdict.Deny.class);
            }
          });
    }
  }

  @Test
  void handlersKnowNothingOfEachOther() {
    AdapterFactory factory = factory();
    factory.build(fields(params())).close();
    try (Adapter adapter = factory.build(fields(params()))) {
      factory.build(fields(params())).close();
      assertThat(ask(adapter, denied(), deniedValues())).as("after another handler was closed").isInstanceOf(Verdict.Deny.class);
    }
  }

  @Test
  void onlyComputesIfItSaysSo() {
    assumeTrue(factory().nonBlocking(), "the adapter may block");
    try (Adapter adapter = adapter()) {
      Crowd.assertOnlyComputes(
          () -> ask(adapter, deniesEverything() ? denied() : allowed(), deniesEverything() ? deniedValues() : allowedValues()));
    }
  }
}
