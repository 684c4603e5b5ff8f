package dev.tenon.registry.consul.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.registry.consul.read.Check;
import dev.tenon.registry.consul.read.Definition;
import dev.tenon.registry.consul.read.Instance;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DifferencesTest {
  private final Ledger ledger = new Ledger();

  @ParameterizedTest
  @CsvSource({"0,7,7", "7,9,9", "9,9,9", "9,4,0", "0,0,1", "5,0,0"})
  void anIndexThatGoesBackwardsBeginsAnewAndZeroCountsAsOne(long before, long told, long next) {
    assertThat(Poll.next(before, told)).isEqualTo(next);
  }

  @Test
  void nothingIsToldBeforeEverythingListedIsRead() throws InterruptedException {
    ledger.services(Map.of("consul", List.of(), "a", List.of(), "b", List.of()));
    String first = ledger.take();
    String second = ledger.take();
    assertThat(List.of(first, second)).containsExactlyInAnyOrder("a", "b");
    ledger.read(first, List.of(instance("n1", first)));
    ledger.failed(second);
    assertThat(ledger.take()).isEqualTo(second);
    ledger.read(second, List.of(instance("n2", second)));
    assertThat(ledger.changes()).containsOnlyKeys("a", "b");
  }

  @Test
  void aCheckOfANodeMakesItsServicesBeReadAgainAndNoOthers() throws InterruptedException {
    known();
    ledger.checks(List.of(new Check("n1", "serfHealth", "critical", "")));
    assertThat(ledger.take()).isEqualTo("a");
    ledger.read("a", List.of());
    assertThat(ledger.changes()).isEqualTo(Map.of("a", List.of()));
  }

  @Test
  void theSweepFindsWhatANodeHasOtherwise() throws InterruptedException {
    known();
    Definition moved = new Definition("n2", "b", "b", "", "10.0.0.1", 81, List.of(), Map.of(), Map.of(), 1, 1);
    assertThat(ledger.node("n1", List.of(instance("n1", "a").definition()))).isTrue();
    assertThat(ledger.node("n2", List.of(moved))).isFalse();
    assertThat(ledger.take()).isEqualTo("b");
    ledger.read("b", List.of(new Instance(moved, "", "dc1", List.of())));
    ledger.nodes(List.of("n2"));
    assertThat(ledger.take()).isEqualTo("a");
  }

  @Test
  void anAnswerThatAgreedIsNotReadAgainAndOneThatDidNotIs() {
    Agreed agreed = new Agreed();
    String first = Agreed.digest("{\"Services\": []}");
    assertThat(agreed.with("n1", first)).isFalse();
    agreed.read("n1", first, true);
    assertThat(agreed.with("n1", Agreed.digest("{\"Services\": []}"))).isTrue();
    assertThat(agreed.with("n2", first)).as("another node's").isFalse();
    String second = Agreed.digest("{\"Services\": null}");
    assertThat(agreed.with("n1", second)).isFalse();
    agreed.read("n1", second, false);
    assertThat(agreed.with("n1", second)).as("what differs is looked at until it agrees").isFalse();
    assertThat(agreed.with("n1", first)).as("what agreed before may not any more").isFalse();
    agreed.read("n1", first, true);
    agreed.keep(List.of("n2"));
    assertThat(agreed.with("n1", first)).isFalse();
  }

  @Test
  void aListWithoutAnythingIsNotBelieved() throws InterruptedException {
    assertThat(ledger.services(Map.of())).isFalse();
    known();
    assertThat(ledger.services(Map.of())).isFalse();
    assertThat(ledger.services(Map.of("consul", List.of()))).isTrue();
    assertThat(List.of(ledger.take(), ledger.take())).containsExactlyInAnyOrder("a", "b");
  }

  private void known() throws InterruptedException {
    ledger.services(Map.of("consul", List.of(), "a", List.of(), "b", List.of()));
    for (int i = 0; i < 2; i++) {
      String service = ledger.take();
      ledger.read(service, List.of(instance(service.equals("a") ? "n1" : "n2", service)));
    }
    assertThat(ledger.changes()).hasSize(2);
  }

  private static Instance instance(String node, String service) {
    return new Instance(new Definition(node, service, service, "", "10.0.0.1", 80, List.of(), Map.of(), Map.of(), 1, 1), "", "dc1", List.of());
  }
}
