package dev.tenon.registry.vm.accept;

import static dev.tenon.registry.vm.accept.Said.first;
import static dev.tenon.registry.vm.accept.Said.port;
import static dev.tenon.registry.vm.accept.Said.reviews;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.spi.model.Protocol;
import dev.tenon.spi.model.ServiceName;
import dev.tenon.spi.model.WorkloadPort;
import dev.tenon.spi.model.Condition;
import dev.tenon.spi.model.Health;
import dev.tenon.wire.registration.v1.Beat;
import dev.tenon.wire.registration.v1.Workload;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BeatReaderTest {
  @Test
  void readsAWholeRegistration() throws BadBeat {
    var port = port(9080).setListenPort(9081).setProtocol("http").setApplication("127.0.0.13:8080").setWeight(3);
    Claim claim = BeatReader.read(first(reviews("reviews-v1", "127.0.0.13").clearPorts().addPorts(port)));
    Registrant registrant = claim.registrant().orElseThrow();
    assertThat(registrant.workload().key()).isEqualTo("default/reviews-v1");
    assertThat(registrant.workload().ports())
        .containsExactly(
            new WorkloadPort(new ServiceName("reviews", "default"), 9080, Protocol.HTTP, 9081, "127.0.0.13:8080"));
    assertThat(registrant.weights()).isEqualTo(List.of(3));
    assertThat(claim.timeToLive()).isEmpty();
  }

  @Test
  void aGatewayHasNoPorts() throws BadBeat {
    Claim claim = BeatReader.read(first(reviews("gateway", "127.0.0.10").clearPorts().clearServiceAccount()));
    assertThat(claim.registrant().orElseThrow().workload().ports()).isEmpty();
    assertThat(claim.registrant().orElseThrow().workload().serviceAccount()).isEqualTo("");
  }

  @Test
  void spellsAddressesOneWay() throws BadBeat {
    var said = reviews("six", "2001:DB8:0:0::7").clearPorts().addPorts(port(1).setApplication("[0:0::1]:8080"));
    var workload = BeatReader.read(first(said)).registrant().orElseThrow().workload();
    assertThat(workload.address()).isEqualTo("2001:db8::7");
    assertThat(workload.ports().getFirst().application()).isEqualTo("[::1]:8080");
  }

  @Test
  void bringsTimeToLiveIntoBounds() throws BadBeat {
    assertThat(timeToLive(0, 1)).isEqualTo(Duration.ofSeconds(2));
    assertThat(timeToLive(-5, 0)).isEqualTo(Duration.ofSeconds(2));
    assertThat(timeToLive(3, 500_000_000)).isEqualTo(Duration.ofMillis(3500));
    assertThat(timeToLive(Long.MAX_VALUE, 0)).isEqualTo(Duration.ofHours(1));
  }

  private static Duration timeToLive(long seconds, int nanos) throws BadBeat {
    var asked = com.google.protobuf.Duration.newBuilder().setSeconds(seconds).setNanos(nanos);
    return BeatReader.read(Beat.newBuilder().setTimeToLive(asked).build()).timeToLive().orElseThrow();
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        wrong(reviews("Reviews", "127.0.0.13"), "workload.name: \"Reviews\" is not a DNS label"),
        wrong(reviews("a.b", "127.0.0.13"), "workload.name: \"a.b\" is not a DNS label"),
        wrong(reviews("", "127.0.0.13"), "workload.name: is required"),
        wrong(reviews("a", "127.0.0.13").setNamespace("-"), "workload.namespace: \"-\" is not a DNS label"),
        wrong(reviews("a", "127.0.0.13").setNetwork("N"), "workload.network: \"N\" is not a DNS label"),
        wrong(reviews("a", "localhost"), "workload.address: \"localhost\" is no IP address"),
        wrong(reviews("a", "0.0.0.0"), "workload.address: \"0.0.0.0\" cannot be called"),
        wrong(reviews("a", "224.0.0.1"), "workload.address: \"224.0.0.1\" cannot be called"),
        wrong(reviews("a", ""), "workload.address: is required"),
        wrong(reviews("a", "127.0.0.1").putLabels("a b", "c"), "workload.labels: \"a b\" is no label key"),
        wrong(reviews("a", "127.0.0.1").putLabels("version", "v 1"), "workload.labels[version]: \"v 1\" is no label value"),
        wrong(reviews("a", "127.0.0.1").setServiceAccount("no/good"), "workload.service_account: \"no/good\" is not"),
        wrong(reviews("a", "127.0.0.1").setZone("z\n"), "workload.zone: \"z?\" should be"),
        wrong(withPort(port(9080).setService("")), "workload.ports[0].service: is required"),
        wrong(withPort(port(9080).setServiceNamespace("X")), "workload.ports[0].service_namespace: \"X\" is not"),
        wrong(withPort(port(9080).setServicePort(0)), "workload.ports[0].service_port: is required"),
        wrong(withPort(port(9080).setListenPort(70_000)), "workload.ports[0].listen_port: 70000 is not between"),
        wrong(withPort(port(9080).setListenPort(-1)), "workload.ports[0].listen_port: 4294967295 is not between"),
        wrong(withPort(port(9080).setProtocol("")), "workload.ports[0].protocol: is required; write HTTP"),
        wrong(withPort(port(9080).setProtocol("SPDY")), "workload.ports[0].protocol: \"SPDY\" is no protocol; write HTTP"),
        wrong(withPort(port(9080).setProtocol("TCP")), "workload.ports[0].protocol: TCP is not carried by this build, only HTTP is"),
        wrong(withPort(port(9080).setApplication("8080")), "workload.ports[0].application: \"8080\" should be address:port"),
        wrong(withPort(port(9080).setApplication("host:80")), "workload.ports[0].application: \"host\" is no IP address"),
        wrong(withPort(port(9080).setApplication("127.0.0.1:http")), "workload.ports[0].application: the port \"http\" is no number"),
        wrong(withPort(port(9080).setApplication("127.0.0.13:9080")), "workload.ports[0].application: \"127.0.0.13:9080\" is where the workload's proxy listens"),
        wrong(withPort(port(9080).setWeight(2_000_000)), "workload.ports[0].weight: 2000000 is not between"),
        wrong(withPort(port(9080)).addPorts(port(9081).setListenPort(9080)), "workload.ports[1].listen_port: 9080 is already taken by workload.ports[0]"),
        wrong(withPort(port(9080)).addPorts(port(9080).setListenPort(1)), "workload.ports[1].service_port: port 9080 of reviews.default is already taken"));
  }

  private static Workload.Builder withPort(dev.tenon.wire.registration.v1.Port.Builder port) {
    return reviews("a", "127.0.0.13").clearPorts().addPorts(port);
  }

  private static Arguments wrong(Workload.Builder said, String message) {
    return Arguments.of(said, message);
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void refusesWithTheFieldAndWhatToDo(Workload.Builder said, String message) {
    assertThatThrownBy(() -> BeatReader.read(first(said))).isInstanceOf(BadBeat.class).hasMessageStartingWith(message);
  }

  @Test
  void boundsLabelsAndPorts() {
    Workload.Builder labelled = reviews("a", "127.0.0.1");
    Workload.Builder ported = reviews("a", "127.0.0.1").clearPorts();
    for (int index = 1; index <= 65; index++) {
      labelled.putLabels("l" + index, "");
      ported.addPorts(port(index));
    }
    assertThatThrownBy(() -> BeatReader.read(first(labelled))).hasMessageContaining("workload.labels: 66 are too many");
    assertThatThrownBy(() -> BeatReader.read(first(ported))).hasMessageContaining("workload.ports: 65 are too many");
  }

  @Test
  void refusesLeaseIdsThatItNeverGave() {
    assertThatThrownBy(() -> BeatReader.read(Beat.newBuilder().setLeaseId("../../etc").build()))
        .hasMessageStartingWith("lease_id: is none that this registry gave");
  }

  @Test
  void writesWhatItReads() throws BadBeat {
    Registrant registrant = Said.claim(reviews("reviews-v1", "127.0.0.13").setZone("b")).registrant().orElseThrow();
    Beat written = BeatWriter.write("0123456789abcdef", registrant, Duration.ofSeconds(30), false);
    assertThat(BeatReader.read(written).registrant()).contains(registrant);
    for (Health health : Health.values()) {
      Condition condition = new Condition(health, "GET /health answered 503");
      Registrant ailing = new Registrant(registrant.workload().in(condition), registrant.weights());
      assertThat(BeatReader.read(BeatWriter.text("0123456789abcdef", ailing, Duration.ofSeconds(3), false)).registrant()).contains(ailing);
    }
    assertThat(BeatReader.read(written).timeToLive()).contains(Duration.ofSeconds(30));
  }

  @Test
  void aReasonIsOneShortLine() {
    Beat.Builder beat = Said.first(reviews("reviews-v1", "127.0.0.13")).toBuilder().setHealth(dev.tenon.wire.registration.v1.Health.UNHEALTHY);
    assertThatThrownBy(() -> BeatReader.read(beat.setHealthReason("x".repeat(257)).build())).hasMessageStartingWith("health_reason: should be one line");
    assertThatThrownBy(() -> BeatReader.read(beat.setHealthReason("a\nb").build())).hasMessageStartingWith("health_reason: should be one line");
    assertThatThrownBy(() -> BeatReader.read(beat.setHealthReason("").setHealthValue(9).build())).hasMessageStartingWith("health: 9 is unknown");
  }
}
