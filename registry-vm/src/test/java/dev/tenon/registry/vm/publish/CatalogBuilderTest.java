package dev.tenon.registry.vm.publish;

import static dev.tenon.registry.vm.accept.Said.claim;
import static dev.tenon.registry.vm.accept.Said.first;
import static dev.tenon.registry.vm.accept.Said.port;
import static dev.tenon.registry.vm.accept.Said.reviews;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.registry.vm.accept.Registrant;
import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.model.Condition;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.model.Port;
import dev.tenon.spi.model.Protocol;
import dev.tenon.spi.model.ServiceName;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.model.WorkloadPort;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CatalogBuilderTest {
  private static final ServiceName REVIEWS = new ServiceName("reviews", "default");
  private final CatalogBuilder builder = new CatalogBuilder();

  private static Registrant registrant(dev.tenon.wire.registration.v1.Workload.Builder said) {
    return claim(said).registrant().orElseThrow();
  }

  private static Registrant ratings(String name, String address) {
    return registrant(reviews(name, address).clearPorts().addPorts(port(9080).setService("ratings")));
  }

  @Test
  void groupsWorkloadsByTheServiceTheyAnswerFor() {
    builder.put(registrant(reviews("reviews-v2", "127.0.0.14")));
    builder.put(registrant(reviews("reviews-v1", "127.0.0.13").clearPorts().addPorts(port(9080).setListenPort(19080).setWeight(5))));
    Catalog catalog = builder.build().catalog();
    var service = Objects.requireNonNull(catalog.services().get(REVIEWS));
    assertThat(service.ports()).containsExactly(new Port(9080, "http-9080", Protocol.HTTP));
    Map<String, String> labels = Map.of("app", "reviews");
    assertThat(service.endpoints())
        .containsExactly(
            new Endpoint(9080, "127.0.0.13", 19080, labels, 5, Health.HEALTHY, Locality.NONE, "bookinfo-reviews"),
            new Endpoint(9080, "127.0.0.14", 9080, labels, 1, Health.HEALTHY, Locality.NONE, "bookinfo-reviews"));
    assertThat(catalog.workloads()).containsOnlyKeys("default/reviews-v1", "default/reviews-v2");
  }

  @Test
  void nobodyIsSentToAWorkloadThatIsNotServingYet() {
    builder.put(claim(first(reviews("a", "127.0.0.13")).toBuilder().setHealth(dev.tenon.wire.registration.v1.Health.STARTING).setHealthReason("it warms up").build()).registrant().orElseThrow());
    Catalog early = builder.build().catalog();
    assertThat(early.workloads()).containsOnlyKeys("default/a");
    assertThat(Objects.requireNonNull(early.services().get(REVIEWS)).endpoints()).extracting(Endpoint::health).containsExactly(Health.STARTING);
    assertThat(Objects.requireNonNull(early.workloads().get("default/a")).condition()).isEqualTo(new Condition(Health.STARTING, "it warms up"));
    builder.put(registrant(reviews("a", "127.0.0.13")));
    Catalog later = builder.build().catalog();
    assertThat(Objects.requireNonNull(later.services().get(REVIEWS)).endpoints()).extracting(Endpoint::health).containsExactly(Health.HEALTHY);
  }

  @Test
  void aServiceIsGoneWithItsLastWorkload() {
    builder.put(registrant(reviews("reviews-v1", "127.0.0.13")));
    builder.build();
    builder.remove("default/reviews-v1");
    assertThat(builder.build().catalog()).isEqualTo(Catalog.EMPTY);
  }

  @Test
  void aWorkloadThatChangesItsServiceMoves() {
    builder.put(registrant(reviews("a", "127.0.0.13")));
    builder.build();
    builder.put(ratings("a", "127.0.0.13"));
    assertThat(builder.build().catalog().services()).containsOnlyKeys(new ServiceName("ratings", "default"));
  }

  @Test
  void onlyTouchedServicesAreGroupedAgain() {
    for (int number = 0; number < 50; number++) {
      builder.put(registrant(reviews("r" + number, "127.0.1." + number)));
    }
    builder.put(ratings("ratings", "127.0.0.16"));
    var before = builder.build().catalog().services().get(REVIEWS);
    assertThat(builder.grouped()).isEqualTo(2);
    builder.put(ratings("ratings", "127.0.0.17"));
    assertThat(builder.build().catalog().services().get(REVIEWS)).isSameAs(before);
    assertThat(builder.grouped()).isEqualTo(3);
  }

  @Test
  void aRegistrationThatSaysNothingNewTouchesNothing() {
    builder.put(registrant(reviews("a", "127.0.0.13")));
    builder.build();
    builder.put(registrant(reviews("a", "127.0.0.13")));
    builder.build();
    assertThat(builder.grouped()).isOne();
  }

  @Test
  void theFirstProtocolOfAPortWinsAndTheOtherIsNamedOnce() {
    builder.put(registrant(reviews("a", "127.0.0.13")));
    builder.put(plain("b", "127.0.0.14"));
    CatalogBuilder.Built built = builder.build();
    var service = Objects.requireNonNull(built.catalog().services().get(REVIEWS));
    assertThat(service.endpoints()).extracting(Endpoint::address).containsExactly("127.0.0.13");
    assertThat(built.warnings()).singleElement().asString().contains("port 9080 of reviews.default is HTTP; default/b says TCP");
    builder.put(registrant(reviews("c", "127.0.0.15")));
    assertThat(builder.build().warnings()).isEmpty();
  }

  private static Registrant plain(String name, String address) {
    List<WorkloadPort> ports = List.of(new WorkloadPort(REVIEWS, 9080, Protocol.TCP, 9080, ""));
    return new Registrant(
        new Workload(name, "default", "", address, Map.of(), Locality.NONE, "default", ports), List.of(1));
  }

  @Test
  void oneAddressIsListedOnceWhoeverElseClaimsIt() {
    builder.put(registrant(reviews("a", "127.0.0.13")));
    builder.put(registrant(reviews("b", "127.0.0.13")));
    CatalogBuilder.Built built = builder.build();
    assertThat(Objects.requireNonNull(built.catalog().services().get(REVIEWS)).endpoints()).hasSize(1);
    assertThat(built.warnings()).singleElement().asString().contains("default/b answers for reviews.default at 127.0.0.13 port 9080");
  }
}
