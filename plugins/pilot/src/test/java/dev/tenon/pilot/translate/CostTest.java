package dev.tenon.pilot.translate;

import static dev.tenon.pilot.support.Rule.to;
import static dev.tenon.pilot.support.Rule.virtualService;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.pilot.join.Mesh;
import dev.tenon.pilot.scope.Proxy;
import dev.tenon.pilot.support.Town;
import dev.tenon.pilot.translate.Translator.Counts;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A change costs work in proportion to what it touches. */
class CostTest {
  private final Town town = Town.bookinfo();
  private final List<Proxy> proxies =
      IntStream.rangeClosed(1, 50).mapToObj(i -> Town.sidecar("client-" + i, "127.0.1." + i)).toList();

  private Counts translated() {
    Mesh mesh = town.mesh();
    proxies.forEach(proxy -> town.translator().translate(mesh, proxy));
    town.translator().sweep(mesh);
    return town.translator().counts();
  }

  private static Counts since(Counts before, Counts now) {
    return new Counts(
        now.clusters() - before.clusters(),
        now.assignments() - before.assignments(),
        now.hosts() - before.hosts(),
        now.tables() - before.tables(),
        now.listeners() - before.listeners());
  }

  @Test
  void proxiesThatSeeTheSameShareIt() {
    // 4 services; clusters are bound to each proxy's own address, everything else is made once.
    assertThat(translated()).isEqualTo(new Counts(200, 4, 4, 1, 50));
  }

  @Test
  void anEndpointThatComesWritesOneAssignmentAndNoRoute() {
    Counts before = translated();
    town.add("vm", Town.service("ratings.default", List.of(), 9080));
    assertThat(since(before, translated())).isEqualTo(new Counts(0, 1, 0, 0, 0));
  }

  @Test
  void aRuleWritesItsOwnHostAndNoOther() {
    Counts before = translated();
    town.add(virtualService("default/reviews", "reviews").http(to("reviews/v1")));
    assertThat(since(before, translated())).isEqualTo(new Counts(0, 0, 1, 1, 0));
  }

  @Test
  void nothingNewWritesNothing() {
    Counts before = translated();
    assertThat(since(before, translated())).isEqualTo(new Counts(0, 0, 0, 0, 0));
  }

  @Test
  void whatDidNotChangeStaysTheSameObject() {
    Snapshot before = town.snapshot(proxies.getFirst());
    town.add("vm", Town.service("ratings.default", List.of(), 9080));
    Snapshot after = town.snapshot(proxies.getFirst());
    for (ResourceType type : List.of(ResourceType.CDS, ResourceType.LDS, ResourceType.RDS)) {
      assertThat(after.of(type)).isSameAs(before.of(type));
    }
    assertThat(after.of(ResourceType.EDS)).isNotSameAs(before.of(ResourceType.EDS));
  }

  @Test
  void theSameMeshHasTheSameVersionsInEveryProcess() {
    Proxy proxy = proxies.getFirst();
    Snapshot here = town.snapshot(proxy);
    Snapshot there = Town.bookinfo().snapshot(proxy);
    for (ResourceType type : ResourceType.values()) {
      assertThat(there.of(type)).isEqualTo(here.of(type));
    }
  }
}
