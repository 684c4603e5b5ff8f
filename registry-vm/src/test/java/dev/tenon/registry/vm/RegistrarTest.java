package dev.tenon.registry.vm;

import static dev.tenon.registry.vm.accept.Said.first;
import static dev.tenon.registry.vm.accept.Said.port;
import static dev.tenon.registry.vm.accept.Said.reviews;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tenon.registry.vm.keep.RealDiskLike;
import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.ServiceName;
import dev.tenon.spi.registry.RegistryState;
import dev.tenon.wire.registration.v1.Beat;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistrarTest {
  @TempDir Path directory = Path.of("");

  private static final Beat RENEWAL = Beat.getDefaultInstance();
  private static final Beat ONE = first(reviews("reviews-v1", "127.0.0.13"));
  private static final Beat TWO = first(reviews("reviews-v2", "127.0.0.14"));

  private static final String FIXED = """
      workload:
        name: reviews-v1
        namespace: default
        address: 127.0.0.13
        labels:
          version: v1
        ports:
        - {service: reviews, port: 9080}
      """;

  private static List<String> addresses(Catalog catalog) {
    var service = catalog.services().get(new ServiceName("reviews", "default"));
    return service == null ? List.of() : service.endpoints().stream().map(Endpoint::address).toList();
  }

  private static Beat back(Beat beat, String leaseId) {
    return beat.toBuilder().setLeaseId(leaseId).build();
  }

  @Test
  void whoeverWasGrantedALeaseIsInTheCatalogAndWhoeverWasLetGoIsNot() throws IOException {
    try (Generation generation = new Generation(directory)) {
      assertThat(generation.catalog()).isEqualTo(Catalog.EMPTY);
      Client client = generation.open(ONE);
      client.leaseId();
      assertThat(addresses(generation.catalog())).containsExactly("127.0.0.13");
      client.leave();
      assertThat(client.end().getCode()).isEqualTo(Status.Code.OK);
      assertThat(generation.catalog()).isEqualTo(Catalog.EMPTY);
    }
  }

  @Test
  void aBrokenStreamLeavesItsEndpointUntilTheLeaseExpires() throws IOException {
    try (Generation generation = new Generation(directory)) {
      Client torn = generation.open(ONE);
      Client stays = generation.open(TWO);
      torn.leaseId();
      stays.leaseId();
      torn.tear();
      generation.pass(Duration.ofSeconds(6));
      stays.beat(RENEWAL);
      await().atMost(Duration.ofSeconds(40)).until(() -> stays.answers.get() == 2);
      assertThat(addresses(generation.catalog())).hasSize(2);
      generation.pass(Duration.ofSeconds(4));
      await().atMost(Duration.ofSeconds(40)).until(() -> addresses(generation.catalog()).equals(List.of("127.0.0.14")));
    }
  }

  @Test
  void aSilentWorkloadIsToldThatItsLeaseExpired() throws IOException {
    try (Generation generation = new Generation(directory)) {
      Client client = generation.open(ONE);
      client.leaseId();
      generation.pass(Duration.ofSeconds(10));
      assertThat(client.end().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }
  }

  @Test
  void aBadRegistrationIsRefusedWithTheFieldAndTheRemedy() throws IOException {
    try (Generation generation = new Generation(directory)) {
      Status status = generation.open(first(reviews("a", "127.0.0.13").addPorts(port(5432).setProtocol("TCP")))).end();
      assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(status.getDescription())
          .isEqualTo("workload.ports[1].protocol: TCP is not carried by this build, only HTTP is; leave this port out or say HTTP");
      assertThat(generation.catalog()).isEqualTo(Catalog.EMPTY);
    }
  }

  @Test
  void aNameThatLivesElsewhereIsRefusedUntilItsStreamIsGone() throws IOException {
    Beat elsewhere = first(reviews("reviews-v1", "127.0.0.99"));
    try (Generation generation = new Generation(directory)) {
      Client holder = generation.open(ONE);
      holder.leaseId();
      assertThat(generation.open(elsewhere).end().getCode()).isEqualTo(Status.Code.ALREADY_EXISTS);
      holder.tear();
      await().atMost(Duration.ofSeconds(40)).until(() -> !generation.open(elsewhere).first.handle((lease, refused) -> refused != null).join());
      assertThat(addresses(generation.catalog())).containsExactly("127.0.0.99");
    }
  }

  @Test
  void leasesSurviveARestartAndTheFirstCatalogHasThem() throws IOException {
    String id;
    try (Generation generation = new Generation(directory)) {
      id = generation.open(ONE).leaseId();
      generation.open(TWO).leaseId();
    }
    Files.writeString(directory.resolve("default.broken.lease"), "broken");
    AtomicInteger writes = new AtomicInteger();
    try (Generation generation = new Generation(directory, new CountingDisk(writes))) {
      assertThat(addresses(generation.catalog())).containsExactly("127.0.0.13", "127.0.0.14");
      generation.pass(Duration.ofSeconds(9));
      assertThat(generation.open(back(ONE, id)).leaseId()).isEqualTo(id);
      generation.pass(Duration.ofSeconds(1));
      await().atMost(Duration.ofSeconds(40)).until(() -> addresses(generation.catalog()).equals(List.of("127.0.0.13")));
      assertThat(writes).hasValue(0);
    }
  }

  @Test
  void aLeaseFileThatACrashCutShortIsToldTheOthersAreKeptAndItsWorkloadComesBack() throws IOException {
    try (Generation generation = new Generation(directory)) {
      generation.open(ONE).leaseId();
      generation.open(TWO).leaseId();
    }
    Path file = directory.resolve("default.reviews-v2.lease");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    Path aside = directory.resolve("default.reviews-v2.lease.unreadable");
    try (Generation generation = new Generation(directory)) {
      assertThat(addresses(generation.catalog())).containsExactly("127.0.0.13");
      assertThat(generation.state().reason())
          .startsWith("1 lease file was damaged and set aside").contains(aside.getFileName().toString()).contains("comes back when it next registers");
      generation.open(TWO).leaseId();
      assertThat(addresses(generation.catalog())).containsExactly("127.0.0.13", "127.0.0.14");
    }
    assertThat(aside).exists();
    Files.delete(aside);
    try (Generation generation = new Generation(directory)) {
      assertThat(addresses(generation.catalog())).hasSize(2);
      assertThat(generation.state().reason()).isEmpty();
    }
  }

  @Test
  void anotherUserOfTheFolderIsPassedByUntilTheLockIsFree() throws IOException {
    try (Generation old = new Generation(directory)) {
      old.open(ONE).leaseId();
      try (Generation rolledBack = new Generation(directory)) {
        assertThat(addresses(rolledBack.catalog())).containsExactly("127.0.0.13");
      }
      old.open(TWO).leaseId();
      assertThat(addresses(old.catalog())).hasSize(2);
    }
  }

  @Test
  void aSwapLosesNoEndpointAndNoLease() throws IOException {
    List<Catalog> seen = new CopyOnWriteArrayList<>();
    Generation old = new Generation(directory);
    Client held = old.open(ONE);
    String id = held.leaseId();
    try (Generation young = new Generation(directory)) {
      old.open(TWO).leaseId(); // while the young one was already reading
      young.registrar.registry().catalog().subscribe(seen::add);
      assertThat(addresses(seen.getFirst())).containsExactly("127.0.0.13", "127.0.0.14");
      Client waits = young.open(first(reviews("reviews-v3", "127.0.0.15")));

      old.close();
      assertThat(held.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      waits.leaseId();
      assertThat(young.open(back(ONE, id)).leaseId()).isEqualTo(id);
      assertThat(addresses(young.catalog())).containsExactly("127.0.0.13", "127.0.0.14", "127.0.0.15");
      assertThat(seen).allSatisfy(catalog -> assertThat(addresses(catalog)).contains("127.0.0.13", "127.0.0.14"));
    }
  }

  @Test
  void aWorkloadThatLeavesTheOldGenerationIsGoneInTheNewOne() throws IOException {
    Generation old = new Generation(directory);
    Client leaves = old.open(ONE);
    leaves.leaseId();
    try (Generation young = new Generation(directory)) {
      List<Catalog> seen = new CopyOnWriteArrayList<>();
      young.registrar.registry().catalog().subscribe(seen::add);
      leaves.leave();
      leaves.end();
      old.close();
      await().atMost(Duration.ofSeconds(40)).until(() -> Objects.equals(seen.getLast(), Catalog.EMPTY));
    }
  }

  @Test
  void aFullDiskIsReportedAndKeepsNobodyOut() throws IOException {
    RealDiskLike full =
        new RealDiskLike() {
          @Override
          public void replace(Path file, byte[] content) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    List<RegistryState> states = new CopyOnWriteArrayList<>();
    try (Generation generation = new Generation(directory, full)) {
      generation.registrar.registry().state().subscribe(states::add);
      assertThat(states.getLast().reason()).isEmpty();
      generation.open(ONE).leaseId();
      assertThat(addresses(generation.catalog())).containsExactly("127.0.0.13");
      assertThat(states.getLast().kind()).isEqualTo(RegistryState.Kind.CURRENT);
      assertThat(states.getLast().reason()).contains("No space left on device");
    }
  }

  @Test
  void twoThousandWorkloadsAreWrittenOnceEachAndTheirBeatsNotAtAll() throws IOException {
    AtomicInteger writes = new AtomicInteger();
    try (Generation generation = new Generation(directory, new CountingDisk(writes))) {
      List<Client> clients = new ArrayList<>();
      for (int number = 0; number < 2_000; number++) {
        clients.add(generation.open(first(reviews("w" + number, "127.1." + number / 250 + "." + (1 + number % 250)))));
      }
      clients.forEach(Client::leaseId);
      assertThat(addresses(generation.catalog())).hasSize(2_000);
      List<Catalog> seen = new CopyOnWriteArrayList<>();
      generation.registrar.registry().catalog().subscribe(seen::add);
      clients.forEach(client -> client.beat(RENEWAL));
      await().atMost(Duration.ofSeconds(40)).until(() -> clients.stream().allMatch(client -> client.answers.get() >= 2));
      assertThat(writes).hasValue(2_000);
      assertThat(seen).hasSize(1);
    }
  }

  @Test
  void whatAnOperatorRegistersNeedsNoBeatsAndSurvivesARestart() throws IOException {
    try (Generation generation = new Generation(directory)) {
      assertThat(generation.register(FIXED).getChange()).isEqualTo("created");
      assertThat(generation.register(FIXED).getChange()).isEqualTo("unchanged");
      assertThat(generation.register(FIXED.replace("version: v1", "version: v2")).getChange()).isEqualTo("configured");
      generation.pass(Duration.ofHours(2));
      assertThat(addresses(generation.catalog())).containsExactly("127.0.0.13");
    }
    try (Generation generation = new Generation(directory)) {
      generation.pass(Duration.ofHours(2));
      assertThat(addresses(generation.catalog())).containsExactly("127.0.0.13");
      assertThat(generation.registrar.entries().objects()).singleElement().satisfies(each -> {
        assertThat(each.object().labels()).containsEntry("version", "v2");
        assertThat(each.owner()).contains("tenon workload deregister default/reviews-v1");
      });
      generation.deregister("default", "reviews-v1");
      assertThat(generation.catalog()).isEqualTo(Catalog.EMPTY);
    }
    try (Generation generation = new Generation(directory)) {
      assertThat(generation.catalog()).isEqualTo(Catalog.EMPTY);
    }
  }

  @Test
  void anAgentAndAnOperatorDoNotTakeEachOthersWorkload() throws IOException {
    try (Generation generation = new Generation(directory)) {
      generation.register(FIXED);
      Client late = generation.open(ONE);
      assertThat(late.end().getCode()).isEqualTo(Status.Code.ALREADY_EXISTS);
      assertThat(late.end().getDescription()).contains("'tenon workload deregister default/reviews-v1'");
      generation.open(TWO).leaseId();
      assertThatThrownBy(() -> generation.register(FIXED.replace("reviews-v1", "reviews-v2"))).hasMessageContaining("held by its own agent at 127.0.0.14");
      assertThatThrownBy(() -> generation.deregister("default", "reviews-v2")).hasMessageContaining("'tenon vm drain' on its host");
      assertThatThrownBy(() -> generation.deregister("default", "nobody")).hasMessageContaining("there is no workload default/nobody");
      Client sly = generation.open(first(reviews("reviews-v3", "127.0.0.15")).toBuilder().setStanding(true).build());
      assertThat(sly.end().getDescription()).startsWith("standing: only an operator");
    }
  }

  @Test
  void anOperatorsMistakesAreToldWithTheirPlace() throws IOException {
    try (Generation generation = new Generation(directory)) {
      assertThat(generation.said(FIXED + "  colour: red\n")).startsWith("mine.yaml:9:11 workload.colour: unknown field");
      assertThat(generation.said(FIXED.replace("service: reviews", "service: Reviews_1"))).startsWith("mine.yaml:8:15 workload.ports[0].service: \"Reviews_1\" is not a DNS label");
      assertThat(generation.said(FIXED + "  - {service: ratings, port: 80, listen: 9080}\n")).startsWith("mine.yaml:9:42 workload.ports[1].listen").contains("9080 is already taken by workload.ports[0]");
      assertThat(generation.said(FIXED + "  probe: {httpGet: {port: 80}}\n")).contains("workload.probe: nobody would carry it out");
      assertThat(generation.said("proxy: {}\nother: 1\n")).contains("workload: is required");
      assertThat(generation.catalog()).isEqualTo(Catalog.EMPTY);
    }
  }

  /** Counts what is written. */
  private static final class CountingDisk extends RealDiskLike {
    private final AtomicInteger writes;

    CountingDisk(AtomicInteger writes) {
      this.writes = writes;
    }

    @Override
    public void replace(Path file, byte[] content) throws IOException {
      writes.incrementAndGet();
      super.replace(file, content);
    }
  }
}
