package dev.tenon.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenon.spi.lifecycle.Carry;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Charge;
import dev.tenon.spi.policy.Grant;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.QuotaAdapter;
import dev.tenon.spi.policy.Template;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What an adapter that grants quotas promises. */
public abstract class QuotaAdapterContract extends PluginContract<AdapterFactory> {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Map<String, Object> JOHN = Map.of("user", "john", "port", 80L);

  /** For the plug point of adapters. */
  protected QuotaAdapterContract() {
    super(AdapterFactory.class);
  }

  /** A new factory. */
  protected abstract AdapterFactory factory();

  /** Parameters, in YAML, a field a line, of a handler that grants an amount in each window, to each set of dimensions. */
  protected abstract String params(long amount, Duration window);

  private QuotaAdapter adapter(long amount) {
    return adapter(factory(), amount, LONG);
  }

  private QuotaAdapter adapter(AdapterFactory factory, long amount, Duration window) {
    Adapter adapter = factory.build("limit.default", fields(params(amount, window)));
    assertThat(adapter).as("what a factory builds that takes the template quota").isInstanceOf(QuotaAdapter.class);
    return (QuotaAdapter) adapter;
  }

  private static long take(QuotaAdapter adapter, Map<String, Object> dimensions, Charge charge) {
    GivenRequest request = GivenRequest.of(Map.of());
    Grant grant = adapter.take(new Instance("requests.instance.default", Template.QUOTA, Map.of("dimensions", dimensions), request), charge);
    request.end();
    assertThat(grant).as("a grant; null counts as a failure").isNotNull();
    assertThat(grant.granted()).isBetween(0L, charge.amount());
    assertThat(charge.bestEffort() || grant.granted() == 0 || grant.granted() == charge.amount())
        .as("all or nothing unless less will do: %s for %s", grant, charge)
        .isTrue();
    return grant.granted();
  }

  private static Charge of(long amount) {
    return new Charge(amount, false, "");
  }

  @Test
  void takesTheTemplateAndReadsAllItsParameters() {
    assertThat(factory().name()).matches("[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?");
    assertThat(factory().templates()).contains(Template.QUOTA);
    assertReadsAll(params(3, LONG), params -> factory().build(params).close());
  }

  @Test
  void grantsItsAmountAndNoMore() {
    try (QuotaAdapter adapter = adapter(3)) {
      assertThat(take(adapter, JOHN, of(1))).isEqualTo(1);
      assertThat(take(adapter, JOHN, of(2))).isEqualTo(2);
      assertThat(take(adapter, JOHN, of(1))).isZero();
    }
  }

  @Test
  void whatIsRefusedTakesNothing() {
    try (QuotaAdapter adapter = adapter(3)) {
      assertThat(take(adapter, JOHN, of(4))).isZero();
      assertThat(take(adapter, JOHN, of(3))).isEqualTo(3);
    }
  }

  @Test
  void grantsTheRestWhereLessWillDo() {
    try (QuotaAdapter adapter = adapter(3)) {
      assertThat(take(adapter, JOHN, of(1))).isEqualTo(1);
      assertThat(take(adapter, JOHN, new Charge(5, true, ""))).isEqualTo(2);
      assertThat(take(adapter, JOHN, new Charge(5, true, ""))).isZero();
    }
  }

  @Test
  void countsEachSetOfDimensionsApart() {
    try (QuotaAdapter adapter = adapter(1)) {
      assertThat(take(adapter, JOHN, of(1))).isEqualTo(1);
      assertThat(take(adapter, Map.of("user", "john", "port", 81L), of(1))).isEqualTo(1);
      assertThat(take(adapter, Map.of(), of(1))).isEqualTo(1);
      assertThat(take(adapter, Map.of("port", 80L, "user", "john"), of(1))).isZero();
    }
  }

  @Test
  void chargesAQuestionThatIsRepeatedOnce() {
    try (QuotaAdapter adapter = adapter(3)) {
      assertThat(take(adapter, JOHN, new Charge(2, false, "a"))).isEqualTo(2);
      assertThat(take(adapter, JOHN, new Charge(2, false, "a"))).as("the same question").isEqualTo(2);
      assertThat(take(adapter, JOHN, new Charge(1, false, "b"))).as("another one").isEqualTo(1);
      assertThat(take(adapter, JOHN, new Charge(1, false, "c"))).isZero();
    }
  }

  @Test
  void grantsNoMoreWhenManyAskAtOnce() {
    AtomicLong granted = new AtomicLong();
    try (QuotaAdapter adapter = adapter(1_000)) {
      Crowd.eightAtOnce(
          () -> {
            for (int i = 0; i < 500; i++) {
              granted.addAndGet(take(adapter, JOHN, of(1)));
            }
          });
    }
    assertThat(granted).hasValue(1_000);
  }

  @Test
  void grantsAgainInTheNextWindow() {
    try (QuotaAdapter adapter = adapter(factory(), 1, Duration.ofMillis(200))) {
      assertThat(take(adapter, JOHN, of(1))).isEqualTo(1);
      eventually("a window of 200 ms ends", () -> take(adapter, JOHN, of(1)) == 1);
    }
  }

  @Test
  void handsWhatItHasCountedToItsSuccessorIfItCarriesAnything() {
    AdapterFactory old = factory();
    AdapterFactory next = factory();
    assumeTrue(old instanceof Carry && next instanceof Carry, "the adapter carries nothing over a swap");
    try (QuotaAdapter before = adapter(old, 3, LONG);
        QuotaAdapter after = adapter(next, 3, LONG)) {
      assertThat(take(before, JOHN, of(2))).isEqualTo(2);
      ((Carry) next).take(((Carry) old).form(), ((Carry) old).give());
      assertThat(take(after, JOHN, of(2))).as("2 of 3 were taken before the swap").isZero();
      assertThat(take(before, JOHN, of(1))).as("the old one still works while it drains").isEqualTo(1);
      ((Carry) next).take(((Carry) old).form(), ((Carry) old).give());
      assertThat(take(after, JOHN, of(1))).as("all 3 were taken before the swap").isZero();
    }
  }

  @Test
  void onlyComputesIfItSaysSo() {
    assumeTrue(factory().nonBlocking(), "the adapter may block");
    try (QuotaAdapter adapter = adapter(1_000)) {
      Crowd.assertOnlyComputes(() -> take(adapter, JOHN, of(1)));
    }
  }
}
