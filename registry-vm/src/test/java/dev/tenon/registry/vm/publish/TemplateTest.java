package dev.tenon.registry.vm.publish;

import static dev.tenon.registry.vm.accept.Said.claim;
import static dev.tenon.registry.vm.accept.Said.port;
import static dev.tenon.registry.vm.accept.Said.reviews;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.registry.vm.accept.Registrant;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.model.Belonging;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.model.ServiceName;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.rules.Meta;
import dev.tenon.spi.rules.WorkloadEntry;
import dev.tenon.spi.rules.WorkloadGroup;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a WorkloadGroup adds to what its workloads say of themselves. */
class TemplateTest {
  private static final String KEY = "default/reviews";
  private static final Locality ROOM = new Locality("eu", "eu-1", "room-7");
  private final CatalogBuilder builder = new CatalogBuilder();

  private static Map<String, WorkloadGroup> group(int weight) {
    WorkloadEntry.Spec template = new WorkloadEntry.Spec("", Map.of("http", 9080), Map.of(), "lab", ROOM, weight, "bookinfo");
    WorkloadGroup group =
        new WorkloadGroup(new Meta("default", "reviews", Position.of("test")), Map.of("app", "reviews", "tier", "back"), Map.of(), template, Optional.empty());
    return Map.of(KEY, group);
  }

  private static Registrant terse() {
    return claim(reviews("reviews-1", "10.0.0.13").setGroup("reviews").clearLabels().putLabels("tier", "front").setServiceAccount("").clearPorts()
        .addPorts(port(9080))).registrant().orElseThrow();
  }

  private Workload workload() {
    return Objects.requireNonNull(builder.build().catalog().workloads().get("default/reviews-1"));
  }

  private Endpoint endpoint() {
    return Objects.requireNonNull(builder.build().catalog().services().get(new ServiceName("reviews", "default"))).endpoints().getFirst();
  }

  @Test
  void whatAWorkloadDoesNotSayIsTakenFromItsGroup() {
    builder.groups(group(7));
    builder.put(terse());
    assertThat(workload().labels()).as("its own go before").isEqualTo(Map.of("app", "reviews", "tier", "front"));
    assertThat(workload().serviceAccount()).isEqualTo("bookinfo");
    assertThat(workload().network()).isEqualTo("lab");
    assertThat(workload().locality()).isEqualTo(ROOM);
    assertThat(workload().entryPorts()).isEqualTo(Map.of("http", 9080));
    assertThat(workload().weight()).isEqualTo(7);
    assertThat(workload().belonging().owner()).isEqualTo("kubernetes://apis/networking.istio.io/v1/namespaces/default/workloadgroups/reviews");
    assertThat(endpoint().weight()).isEqualTo(7);
  }

  @Test
  void whatAWorkloadSaysGoesBefore() {
    builder.groups(group(7));
    Registrant said = claim(reviews("reviews-1", "10.0.0.13").setGroup("reviews").setNetwork("own").setRegion("us").clearPorts()
        .addPorts(port(9080).setWeight(3))).registrant().orElseThrow();
    builder.put(said);
    assertThat(workload().serviceAccount()).isEqualTo("bookinfo-reviews");
    assertThat(workload().network()).isEqualTo("own");
    assertThat(workload().locality()).isEqualTo(new Locality("us", "", ""));
    assertThat(List.of(workload().weight(), endpoint().weight())).containsOnly(3);
  }

  @Test
  void aGroupThatChangesOrGoesChangesItsWorkloadsAndNoOthers() {
    builder.put(terse());
    builder.put(claim(reviews("other", "10.0.0.14")).registrant().orElseThrow());
    assertThat(workload().serviceAccount()).as("of no group yet").isEqualTo("default");
    assertThat(workload().belonging()).isEqualTo(Belonging.NONE);
    assertThat(builder.groups(group(7))).isTrue();
    assertThat(workload().serviceAccount()).isEqualTo("bookinfo");
    assertThat(builder.groups(group(7))).isFalse();
    assertThat(builder.groups(group(8))).isTrue();
    assertThat(workload().weight()).isEqualTo(8);
    assertThat(builder.groups(Map.of())).isTrue();
    assertThat(workload().labels()).isEqualTo(Map.of("tier", "front"));
    assertThat(Objects.requireNonNull(builder.build().catalog().workloads().get("default/other")).serviceAccount()).isEqualTo("bookinfo-reviews");
  }
}
