package dev.tenon.registry.vm;

import static dev.tenon.registry.vm.accept.Said.first;
import static dev.tenon.registry.vm.accept.Said.reviews;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.spi.lifecycle.Leadership;
import dev.tenon.spi.lifecycle.Leadership.Lead;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.ServiceName;
import dev.tenon.spi.registry.RegistryState;
import dev.tenon.spi.stream.Cell;
import dev.tenon.wire.registration.v1.Beat;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several control planes that share the place of their leases. */
class SharedLeasesTest {
  private static final Beat ONE = first(reviews("reviews-v1", "127.0.0.13"));
  private static final Beat TWO = first(reviews("reviews-v2", "127.0.0.14"));
  private static final String ONES_KEY = "default/reviews-v1";

  @TempDir Path folder = Path.of("");
  private final Place place = new Place();

  private Generation replica(String who) throws IOException {
    return new Generation(folder.resolve(who), place.store(who));
  }

  private static List<String> addresses(Generation of) {
    var service = of.catalog().services().get(new ServiceName("reviews", "default"));
    return service == null ? List.of() : service.endpoints().stream().map(Endpoint::address).sorted().toList();
  }

  private static void awaitAddresses(Generation of, String... addresses) {
    await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(addresses(of)).containsExactly(addresses));
  }

  private static RegistryState state(Generation of) {
    List<RegistryState> seen = new ArrayList<>();
    of.registrar.registry().state().subscribe(seen::add).close();
    return seen.getLast();
  }

  @Test
  void eachSeesTheWorkloadsOfTheOthersAndEndsItsOwnAlone() throws IOException {
    try (Generation a = replica("a"); Generation b = replica("b")) {
      a.open(ONE).leaseId();
      b.open(TWO).leaseId();
      awaitAddresses(a, "127.0.0.13", "127.0.0.14");
      awaitAddresses(b, "127.0.0.13", "127.0.0.14");
      b.pass(Duration.ofSeconds(30));
      awaitAddresses(b, "127.0.0.13");
      awaitAddresses(a, "127.0.0.13");
      a.pass(Duration.ofSeconds(12));
      awaitAddresses(b);
      assertThat(place.keys()).isEmpty();
    }
  }

  @Test
  void aControlPlaneOnAnotherMachineBeginsWithTheLeasesOfOneThatDied() throws IOException {
    String id;
    try (Generation a = replica("a")) {
      id = a.open(ONE).leaseId();
      a.open(TWO).leaseId();
    }
    place.dies("a");
    try (Generation b = replica("b")) {
      List<Catalog> seen = new ArrayList<>();
      b.registrar.registry().catalog().subscribe(seen::add);
      awaitAddresses(b, "127.0.0.13", "127.0.0.14");
      assertThat(seen).as("no moment without them").allMatch(each -> each.workloads().size() == 2);
      await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(place.holder(ONES_KEY)).isEqualTo("b"));
      Client back = b.open(ONE.toBuilder().setLeaseId(id).build());
      assertThat(back.leaseId()).isEqualTo(id);
      for (int i = 0; i < 3; i++) {
        b.pass(Duration.ofSeconds(4));
        int answers = back.answers.get();
        back.beat(Beat.getDefaultInstance());
        await().atMost(Duration.ofSeconds(40)).until(() -> back.answers.get() > answers);
      }
      awaitAddresses(b, "127.0.0.13");
    }
  }

  @Test
  void nothingIsServedBeforeTheLeasesWereRead() throws IOException {
    Place.Store store = place.store("a");
    store.away(true);
    try (Generation a = new Generation(folder.resolve("a"), store)) {
      List<Catalog> seen = new ArrayList<>();
      a.registrar.registry().catalog().subscribe(seen::add);
      assertThat(state(a)).returns(RegistryState.Kind.STARTING, RegistryState::kind).satisfies(each -> assertThat(each.reason()).contains("in shared"));
      assertThat(seen).isEmpty();
      store.away(false);
      await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(seen).contains(Catalog.EMPTY));
      await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(state(a).kind()).isEqualTo(RegistryState.Kind.CURRENT));
    }
  }

  @Test
  void aWorkloadThatComesBackThroughAnotherControlPlaneIsHeldThere() throws IOException {
    try (Generation a = replica("a"); Generation b = replica("b")) {
      Client before = a.open(ONE);
      String id = before.leaseId();
      awaitAddresses(b, "127.0.0.13");
      assertThat(b.open(ONE.toBuilder().setLeaseId(id).build()).leaseId()).isEqualTo(id);
      assertThat(before.end().getCode()).isEqualTo(Status.Code.ABORTED);
      assertThat(place.holder(ONES_KEY)).isEqualTo("b");
      a.pass(Duration.ofSeconds(30));
      awaitAddresses(a, "127.0.0.13");
      awaitAddresses(b, "127.0.0.13");
    }
  }

  @Test
  void aNameThatLivesThroughAnotherControlPlaneIsRefused() throws IOException {
    try (Generation a = replica("a"); Generation b = replica("b")) {
      a.open(ONE).leaseId();
      awaitAddresses(b, "127.0.0.13");
      Status refused = b.open(first(reviews("reviews-v1", "127.0.0.99"))).end();
      assertThat(refused.getCode()).isEqualTo(Status.Code.ALREADY_EXISTS);
      assertThat(refused.getDescription()).contains("127.0.0.13");
    }
  }

  @Test
  void whatNobodyHoldsIsEndedByTheOneThatLeadsAndWhatIsHeldHereByThisOneWhoeverLeads() throws IOException {
    Cell<Lead> lead = new Cell<>(new Lead(false, "", Instant.EPOCH));
    Cell<List<Offer<Leadership>>> leaders = new Cell<>(List.of(new Offer<>("registry-consul", "1", () -> lead)));
    try (Generation a = replica("a")) {
      a.open(ONE).leaseId();
    }
    place.dies("a");
    try (Generation b = new Generation(folder.resolve("b"), place.store("b"), leaders)) {
      b.open(TWO).leaseId();
      awaitAddresses(b, "127.0.0.13", "127.0.0.14");
      b.pass(Duration.ofSeconds(60));
      awaitAddresses(b, "127.0.0.13");
      lead.set(new Lead(true, "b", Instant.EPOCH));
      await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(place.holder(ONES_KEY)).isEqualTo("b"));
      b.pass(Duration.ofSeconds(12));
      awaitAddresses(b);
      assertThat(place.keys()).isEmpty();
    }
  }

  @Test
  void whileThePlaceIsAwayNobodyIsKeptOutAndItIsWrittenAfterwards() throws IOException {
    Place.Store store = place.store("a");
    try (Generation a = new Generation(folder.resolve("a"), store)) {
      a.open(ONE).leaseId();
      store.away(true);
      a.open(TWO).leaseId();
      awaitAddresses(a, "127.0.0.13", "127.0.0.14");
      assertThat(state(a).reason()).contains("cannot be kept in shared: ", "it is away");
      store.away(false);
      await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(place.keys()).hasSize(2));
      await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(state(a).reason()).isEmpty());
    }
  }

  @Test
  void aNewStoreOfTheSameNameIsGivenWhatIsHeldHere() throws IOException {
    Place.Store store = place.store("a");
    try (Generation a = new Generation(folder.resolve("a"), store)) {
      a.open(ONE).leaseId();
      place.dies("a");
      store.offers.set(List.of(new Offer<>("shared", "2", place.store("a2"))));
      await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(place.holder(ONES_KEY)).isEqualTo("a2"));
      awaitAddresses(a, "127.0.0.13");
    }
  }
}
