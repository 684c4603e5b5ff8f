package dev.tenon.proxy.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A scraper sees counters go on through a swap. */
class InheritanceTest {
  private static final Figures.Owner OWNER = new Figures.Owner("details-v1", "default", "details");
  private static final SeriesKey KEY = new SeriesKey(true, "inbound|9080||", "default/productpage-v1");

  /** What a generation has counted by itself. */
  private static Totals counted(int requests) {
    Totals totals = new Totals();
    Meters meters = new Meters();
    meters.connections = 2;
    for (int each = 0; each < requests; each++) {
      meters.requests++;
      meters.answered(each % 2 == 0 ? 200 : 503);
      meters.series(KEY).count(each % 2 == 0 ? 200 : 503, 0, 2_000_000);
    }
    meters.addTo(totals);
    totals.clusters.computeIfAbsent("inbound|9080||", any -> new Totals.ClusterTotal()).counters.requests += requests;
    return totals;
  }

  /** What a scraper sees, without what has never happened. */
  private static List<String> text(Totals totals) {
    return PrometheusText.of(Figures.of(totals, OWNER)).lines().filter(line -> !line.endsWith(" 0") && !line.endsWith(" 0.0")).toList();
  }

  @Test
  void whatOneGenerationCountedAndWhatItCountedWhileItDrainedIsAllThere() {
    Inheritance old = new Inheritance();
    Inheritance next = new Inheritance();
    next.take(old.give(counted(6)));
    assertThat(old.give(counted(6))).as("nothing has come since").isEmpty();
    next.take(old.give(counted(10)));
    Totals all = new Totals();
    next.addTo(all);
    assertThat(text(all)).isEqualTo(text(counted(10)));
  }

  @Test
  void theNextSwapHandsOnWhatWasInherited() {
    Inheritance first = new Inheritance();
    Inheritance second = new Inheritance();
    Inheritance third = new Inheritance();
    second.take(first.give(counted(4)));
    Totals all = counted(6);
    second.addTo(all);
    third.take(second.give(all));
    Totals now = new Totals();
    third.addTo(now);
    assertThat(now.requests).isEqualTo(10);
    assertThat(now.connections).isEqualTo(4);
    assertThat(now.of(KEY).kinds).containsEntry(200L, 5L).containsEntry(503L, 5L);
  }

  @Test
  void whatIsOpenNowIsNotHandedOn() {
    Totals open = new Totals();
    open.connectionsActive = 3;
    open.requestsActive = 2;
    assertThat(new Inheritance().give(open)).isEmpty();
  }

  @Test
  void aPieceThatIsNoneIsRefusedAndACounterThatThisBuildDoesNotKnowIsLeftOut() {
    Inheritance next = new Inheritance();
    assertThatThrownBy(() -> next.take(Map.of("counts", "many"))).isInstanceOf(IllegalArgumentException.class);
    next.take(Map.of("of", List.of("", "later\nkind"), "counts", Map.of("0.requests", 7L, "0.later", 1L, "1.x", 2L)));
    Totals now = new Totals();
    next.addTo(now);
    assertThat(now.requests).isEqualTo(7);
  }
}
