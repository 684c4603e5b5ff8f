package dev.tenon.pilot.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.pilot.support.Town;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.model.Condition;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.model.Port;
import dev.tenon.spi.model.Protocol;
import dev.tenon.spi.model.Service;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.rules.Meta;
import dev.tenon.spi.rules.ServiceEntry;
import dev.tenon.spi.rules.ServiceEntry.Resolution;
import dev.tenon.spi.rules.WorkloadEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Many sources, one mesh. */
class JoinerTest {
  private static final Map<String, String> NONE = Map.of();

  private static List<String> addresses(Mesh mesh, String host, String namespace) {
    return mesh.endpointsOf(new ServiceKey(host, namespace)).stream()
        .map((Endpoint each) -> each.servicePort() + " " + each.address() + ":" + each.port())
        .toList();
  }

  private static ServiceEntry entry(
      String key, String host, Resolution resolution, Map<String, String> selector, WorkloadEntry.Spec... inline) {
    int slash = key.indexOf('/');
    return new ServiceEntry(
        new Meta(key.substring(0, slash), key.substring(slash + 1), Position.of("test")),
        List.of(host),
        List.of(new Port(80, "http", Protocol.HTTP)),
        Map.of(80, 8080),
        resolution,
        List.of(inline),
        selector,
        true,
        List.of("*"));
  }

  private static WorkloadEntry.Spec at(String address, Map<String, Integer> ports, Map<String, String> labels) {
    return new WorkloadEntry.Spec(address, ports, labels, "", Locality.NONE, 1, "default");
  }

  @Test
  void aServiceInSeveralRegistriesIsOneWithAllItsEndpointsAndPorts() {
    Mesh mesh =
        new Town()
            .add("consul", Town.service("web.default", List.of(Town.endpoint(80, "10.0.0.1", 80, NONE)), 80))
            .add(
                "vm",
                Town.service(
                    "web.default",
                    List.of(
                        Town.endpoint(80, "10.0.0.1", 80, Map.of("later", "loses")),
                        Town.endpoint(80, "10.0.0.2", 81, NONE),
                        Town.endpoint(90, "10.0.0.2", 91, NONE)),
                    80,
                    90))
            .mesh();
    String host = "web.default.svc.cluster.local";
    assertThat(addresses(mesh, host, "default"))
        .containsExactly("80 10.0.0.1:80", "80 10.0.0.2:81", "90 10.0.0.2:91");
    assertThat(mesh.endpointsOf(new ServiceKey(host, "default")).getFirst().labels()).isEmpty();
    assertThat(mesh.topology().named(host).getFirst().ports()).extracting(Port::number).containsExactly(80, 90);
  }

  @Test
  void aServiceEntryIsAServiceWithWhateverAnswersForIt() {
    Town town =
        new Town()
            .add(entry("default/inline", "inline.example", Resolution.STATIC, NONE, at("10.0.0.1", Map.of("http", 9000), NONE), at("10.0.0.2", Map.of(), NONE)))
            .add(entry("default/itself", "itself.example", Resolution.DNS, NONE))
            .known("itself.example", "10.0.1.1", "10.0.1.2")
            .add(entry("default/selected", "selected.example", Resolution.STATIC, Map.of("app", "db")))
            .add(new WorkloadEntry(new Meta("default", "db-1", Position.of("test")), at("10.0.0.3", Map.of(), Map.of("app", "db"))))
            .add(new WorkloadEntry(new Meta("other", "db-2", Position.of("test")), at("10.0.0.4", Map.of(), Map.of("app", "db"))))
            .workload("db-v1", "10.0.0.5", "db", "v1");
    Mesh mesh = town.mesh();
    assertThat(addresses(mesh, "inline.example", "default"))
        .containsExactly("80 10.0.0.1:9000", "80 10.0.0.2:8080");
    assertThat(addresses(mesh, "itself.example", "default")).containsExactly("80 10.0.1.1:8080", "80 10.0.1.2:8080");
    assertThat(addresses(mesh, "selected.example", "default"))
        .containsExactly("80 10.0.0.3:8080", "80 10.0.0.5:8080");
    assertThat(mesh.workloads()).containsKeys("default/db-1", "other/db-2", "default/db-v1");
  }

  @Test
  void aSelectedWorkloadIsAsWellAsItsRegistrySays() {
    Condition ailing = new Condition(Health.UNHEALTHY, "GET /health answered 503");
    Workload workload = new Workload("db-1", "default", "", "10.0.0.5", Map.of("app", "db"), Locality.NONE, "default", List.of());
    Mesh mesh =
        new Town()
            .add(entry("default/selected", "selected.example", Resolution.STATIC, Map.of("app", "db")))
            .add("vm", workload.in(ailing))
            .mesh();
    assertThat(mesh.endpointsOf(new ServiceKey("selected.example", "default"))).extracting(Endpoint::health).containsExactly(Health.UNHEALTHY);
  }

  @Test
  void aSelectedWorkloadHasTheWeightAndTheNamedPortThatItsGroupGivesIt() {
    Workload workload =
        new Workload("db-1", "default", "", "10.0.0.5", Map.of("app", "db"), Locality.NONE, "default", List.of(), Condition.WELL, 7, Map.of("http-80", 9080, "http", 9080));
    Mesh mesh =
        new Town()
            .add(entry("default/selected", "selected.example", Resolution.STATIC, Map.of("app", "db")))
            .add("vm", workload)
            .mesh();
    assertThat(mesh.endpointsOf(new ServiceKey("selected.example", "default"))).singleElement().satisfies(each -> {
      assertThat(each.weight()).isEqualTo(7);
      assertThat(each.port()).isEqualTo(9080);
    });
  }

  @Test
  void aServiceEntryForAnotherNamespacesServiceIsSeenByItsOwnNamespaceAlone() {
    Mesh mesh =
        Town.bookinfo()
            .add(
                entry(
                    "evil/reviews",
                    "reviews.default.svc.cluster.local",
                    Resolution.STATIC,
                    NONE,
                    at("6.6.6.6", Map.of(), NONE)))
            .mesh();
    var shapes = mesh.topology().named("reviews.default.svc.cluster.local");
    assertThat(shapes).hasSize(2);
    assertThat(shapes).filteredOn(shape -> shape.visibleTo("default")).hasSize(1);
    assertThat(addresses(mesh, "reviews.default.svc.cluster.local", "default")).hasSize(3);
  }

  private static Service named(String name, List<String> aliases, Protocol protocol, Endpoint... endpoints) {
    Service plain = Town.service(name, List.of(endpoints), 80);
    return new Service(plain.name(), aliases, List.of(new Port(80, "p", protocol)), NONE, plain.endpoints());
  }

  @Test
  void whatRegistriesDoNotAgreeOnIsReportedAndTheFirstIsBelieved() {
    Mesh mesh =
        new Town()
            .add("consul", named("web.default", List.of("web.service.consul"), Protocol.HTTP, Town.endpoint(80, "10.0.0.1", 80, NONE)))
            .add("vm", named("web.default", List.of(), Protocol.TCP, Town.endpoint(80, "10.0.0.1", 80, Map.of("version", "v1"))))
            .add("vm", named("other.default", List.of("web.service.consul", "web.default.svc.cluster.local"), Protocol.HTTP))
            .workload("one", "10.0.0.3", "third", "v1")
            .add("zoo", new Workload("one", "default", "", "10.0.0.4", NONE, Locality.NONE, "default", List.of()))
            .mesh();
    String host = "web.default.svc.cluster.local";
    assertThat(mesh.origins().conflicts())
        .containsExactly(
            new Conflict("default/one", "vm", "zoo", "the workload at 10.0.0.4 has a name that is taken"),
            new Conflict(host, "consul", "vm", "endpoint 10.0.0.1:80 has other labels, weight, health or locality there"),
            new Conflict(host, "consul", "vm", "is a service of its own; it does not mean other.default.svc.cluster.local"),
            new Conflict(host, "consul", "vm", "port 80 speaks HTTP, not TCP"),
            new Conflict("web.service.consul", "consul", "vm", "means " + host + ", not other.default.svc.cluster.local"));
    assertThat(mesh.origins().sources().get(new ServiceKey(host, "default"))).containsExactly("consul", "vm");
    assertThat(mesh.topology().resolve("web.service.consul", "default")).isEqualTo(host);
    assertThat(mesh.topology().named(host).getFirst().ports().getFirst().protocol()).isEqualTo(Protocol.HTTP);
  }

  @Test
  void aServiceEntryThatNamesAnAliasMeansTheService() {
    Mesh mesh =
        new Town()
            .add("consul", named("web.default", List.of("web.service.consul"), Protocol.HTTP, Town.endpoint(80, "10.0.0.1", 80, NONE)))
            .add(entry("default/more", "Web.Service.Consul", Resolution.STATIC, NONE, at("10.0.0.2", Map.of(), NONE)))
            .mesh();
    assertThat(addresses(mesh, "web.default.svc.cluster.local", "default")).containsExactly("80 10.0.0.1:80", "80 10.0.0.2:8080");
    assertThat(mesh.topology().named("web.service.consul")).isEmpty();
    assertThat(mesh.origins().sources().firstEntry().getValue()).containsExactly("consul", "ServiceEntry default/more");
  }

  @Test
  void aChangeAmongTwoThousandServicesMergesWhatItTouches() {
    Town town = new Town();
    for (int i = 0; i < 2_000; i++) {
      List<Endpoint> five = new ArrayList<>();
      for (int j = 0; j < 5; j++) {
        five.add(Town.endpoint(80, "10." + j + "." + i / 250 + "." + i % 250, 80, Map.of("version", "v" + j)));
      }
      town.add("consul", Town.service("s" + i + ".default", five, 80));
    }
    Joiner joiner = new Joiner("cluster.local");
    joiner.join(town.inputs());
    assertThat(joiner.merged()).isEqualTo(2_000);
    joiner.join(town.add("consul", Town.service("s7.default", List.of(), 80)).inputs());
    assertThat(joiner.merged()).isEqualTo(2_001);
  }

  @Test
  void hostsInRulesAreResolvedInTheirNamespace() {
    Topology topology = Town.bookinfo().mesh().topology();
    assertThat(topology.resolve("reviews", "default")).isEqualTo("reviews.default.svc.cluster.local");
    assertThat(topology.resolve("reviews", "other")).isEqualTo("reviews.other.svc.cluster.local");
    assertThat(topology.resolve("Reviews.Default", "other")).isEqualTo("reviews.default.svc.cluster.local");
    assertThat(topology.resolve("reviews.default.svc", "other")).isEqualTo("reviews.default.svc.cluster.local");
    assertThat(topology.resolve("api.example.com", "default")).isEqualTo("api.example.com");
    assertThat(topology.resolve("*.example.com", "default")).isEqualTo("*.example.com");
  }

  @Test
  void partsThatDidNotChangeStayTheSameObjects() {
    Town town = Town.bookinfo();
    Mesh before = town.mesh();
    assertThat(town.mesh()).isSameAs(before);
    Mesh after = town.workload("reviews-v4", "127.0.0.17", "reviews", "v4").mesh();
    assertThat(after.version()).isEqualTo(before.version() + 1);
    assertThat(after.topology()).isSameAs(before.topology());
    ServiceKey ratings = new ServiceKey("ratings.default.svc.cluster.local", "default");
    assertThat(after.endpointsOf(ratings)).isSameAs(before.endpointsOf(ratings));
  }

  @Test
  void onlyTheServiceThatChangedIsMergedAnew() {
    Joiner joiner = new Joiner("cluster.local");
    Town town = Town.bookinfo();
    joiner.join(town.inputs());
    long before = joiner.merged();
    joiner.join(town.workload("reviews-v4", "127.0.0.17", "reviews", "v4").inputs());
    assertThat(joiner.merged() - before).isEqualTo(1);
  }
}
