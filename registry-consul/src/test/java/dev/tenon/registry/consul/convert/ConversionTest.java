package dev.tenon.registry.consul.convert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.registry.consul.read.Check;
import dev.tenon.registry.consul.read.Definition;
import dev.tenon.registry.consul.read.Definition.Place;
import dev.tenon.registry.consul.read.Instance;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Port;
import dev.tenon.spi.model.Protocol;
import dev.tenon.spi.model.Service;
import dev.tenon.spi.model.ServiceName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConversionTest {
  private static final Wishes WISHES = new Wishes(List.of("dc1", "dc2"), "consul", "default", Protocol.HTTP, "", false);

  @Test
  void aServiceHasItsAliasesAndItsInstancesLabels() {
    Service service = one(convert(instance("10.0.0.1", 9080, List.of("version|v1", "canary", "zone=a", "no label!"), Map.of("team", "x"))));
    assertThat(service.name()).isEqualTo(new ServiceName("reviews", "default"));
    assertThat(service.aliases())
        .containsExactly("reviews.service.consul", "reviews.service.dc1.consul", "reviews.service.dc2.consul");
    assertThat(service.ports()).containsExactly(new Port(9080, "http-9080", Protocol.HTTP));
    assertThat(only(service).labels()).isEqualTo(Map.of("version", "v1", "canary", "", "zone", "a", "team", "x"));
  }

  @Test
  void metaOrTagsSayNamespaceProtocolAndServicePort() {
    Service service = one(convert(instance("10.0.0.1", 31234, List.of("protocol=grpc"), Map.of("namespace", "shop", "service-port", "8080"))));
    assertThat(service.name()).isEqualTo(new ServiceName("reviews", "shop"));
    assertThat(service.ports()).containsExactly(new Port(8080, "grpc-8080", Protocol.GRPC));
    assertThat(only(service)).returns(31234, Endpoint::port).returns(8080, Endpoint::servicePort);
  }

  @Test
  void instancesOnPortsOfTheirOwnAnswerForPort80() {
    Service service = one(convert(instance("10.0.0.1", 20001, List.of(), Map.of()), instance("10.0.0.2", 20002, List.of(), Map.of())));
    assertThat(service.ports()).extracting(Port::number).containsExactly(80);
    assertThat(service.endpoints()).extracting(Endpoint::port).containsExactly(20001, 20002);
  }

  @ParameterizedTest
  @CsvSource({"passing,false,HEALTHY,3", "warning,false,HEALTHY,2", "warning,true,UNHEALTHY,2", "critical,false,UNHEALTHY,3", "maintenance,false,UNHEALTHY,3"})
  void checksSayHealthAndWeight(String status, boolean onlyPassing, Health health, int weight) {
    Wishes wishes = new Wishes(List.of(""), "consul", "default", Protocol.HTTP, "", onlyPassing);
    Instance instance = new Instance(definition("10.0.0.1", 80, List.of(), Map.of()), "10.9.9.9", "dc1",
        List.of(new Check("n", "serfHealth", "passing", ""), new Check("n", "c", status, "reviews")));
    assertThat(only(one(Conversion.convert("reviews", Map.of("", List.of(instance)), wishes))))
        .returns(health, Endpoint::health).returns(weight, Endpoint::weight);
  }

  @Test
  void anotherDataCentreStandsInOnlyWhileNobodyIsHealthy() {
    Instance here = instance("10.0.0.1", 80, List.of(), Map.of());
    Instance there = instance("10.0.1.1", 80, List.of(), Map.of());
    Instance sick = new Instance(here.definition(), "", "dc1", List.of(new Check("n", "c", "critical", "reviews")));
    Wishes wishes = WISHES;
    assertThat(addresses(Conversion.convert("reviews", Map.of("dc1", List.of(here), "dc2", List.of(there)), wishes))).containsExactly("10.0.0.1");
    assertThat(addresses(Conversion.convert("reviews", Map.of("dc1", List.of(sick), "dc2", List.of(there)), wishes))).containsExactly("10.0.1.1");
    assertThat(addresses(Conversion.convert("reviews", Map.of("dc1", List.of(sick)), wishes))).containsExactly("10.0.0.1");
  }

  @Test
  void addressesComeFromTheTagThenTheServiceThenTheNode() {
    Definition tagged = new Definition("n", "i", "reviews", "", "10.0.0.1", 80, List.of(), Map.of(), Map.of("wan", new Place("203.0.113.7", 8080)), 1, 1);
    Wishes wan = new Wishes(List.of(""), "consul", "default", Protocol.HTTP, "wan", false);
    assertThat(only(one(Conversion.convert("reviews", Map.of("", List.of(new Instance(tagged, "10.9.9.9", "dc1", List.of()))), wan))))
        .returns("203.0.113.7", Endpoint::address).returns(8080, Endpoint::port);
    assertThat(addresses(convert(instance("", 80, List.of(), Map.of())))).containsExactly("10.9.9.9");
  }

  @Test
  void whatCannotBeUsedIsLeftOutAndNamedAndTheOthersCount() {
    Converted converted = convert(
        instance("10.0.0.1", 80, List.of(), Map.of()),
        instance("10.0.0.2", 0, List.of(), Map.of()),
        instance("10.0.0.300", 80, List.of(), Map.of()),
        instance("no name", 80, List.of(), Map.of()),
        instance("10.0.0.4", 80, List.of(), Map.of("namespace", "No_Label")),
        new Instance(new Definition("n", "p", "reviews", "connect-proxy", "10.0.0.5", 80, List.of(), Map.of(), Map.of(), 1, 1), "", "dc1", List.of()));
    assertThat(addresses(converted)).containsExactly("10.0.0.1");
    assertThat(converted.refused()).hasSize(4).anyMatch(each -> each.contains("no port"))
        .anyMatch(each -> each.contains("\"10.0.0.300\" is neither an IP address nor a DNS name")).anyMatch(each -> each.contains("No_Label"));
    assertThat(Conversion.convert("a_b", Map.of(), WISHES).refused().getFirst()).contains("a_b", "DNS label");
  }

  @Test
  void aServiceOutsideMayHaveAHostNameAndCallsNobody() {
    Converted converted = convert(instance("payments.example", 443, List.of(), Map.of()));
    assertThat(addresses(converted)).containsExactly("payments.example");
    assertThat(converted.refused()).isEmpty();
    assertThat(converted.workloads()).isEmpty();
  }

  @Test
  void whatAMeshRegisteredIsNoServiceOfConsuls() {
    assertThat(convert(instance("10.0.0.1", 80, List.of(), Map.of(Marker.KEY, "cluster.local"))).services()).isEmpty();
  }

  @Test
  void theSameIdOnTwoNodesIsTwoInstances() {
    Definition one = new Definition("n1", "web", "reviews", "", "10.0.0.1", 80, List.of(), Map.of(), Map.of(), 1, 1);
    Definition two = new Definition("n2", "web", "reviews", "", "10.0.0.2", 80, List.of(), Map.of(), Map.of(), 1, 1);
    Converted converted = convert(new Instance(one, "", "dc1", List.of()), new Instance(two, "", "dc1", List.of()));
    assertThat(addresses(converted)).containsExactly("10.0.0.1", "10.0.0.2");
    assertThat(converted.workloads()).extracting(each -> each.key()).doesNotHaveDuplicates();
  }

  @Test
  void aServiceWithAnAddressOfItsOwnRunsOnItsNode() {
    assertThat(convert(instance("10.0.0.1", 80, List.of(), Map.of())).workloads())
        .extracting(each -> each.belonging().host())
        .containsExactly("10.9.9.9");
    assertThat(convert(instance("10.9.9.9", 80, List.of(), Map.of())).workloads())
        .extracting(each -> each.belonging().host())
        .containsExactly("");
  }

  private static Converted convert(Instance... instances) {
    return Conversion.convert("Reviews".toLowerCase(java.util.Locale.ROOT), Map.of("dc1", List.of(instances)), WISHES);
  }

  private static Instance instance(String address, int port, List<String> tags, Map<String, String> meta) {
    return new Instance(definition(address, port, tags, meta), "10.9.9.9", "dc1", List.of());
  }

  private static Definition definition(String address, int port, List<String> tags, Map<String, String> meta) {
    return new Definition("n", "reviews-" + address + "-" + port, "reviews", "", address, port, tags, meta, Map.of(), 3, 2);
  }

  private static Service one(Converted converted) {
    assertThat(converted.services()).hasSize(1);
    return converted.services().getFirst();
  }

  private static Endpoint only(Service service) {
    assertThat(service.endpoints()).hasSize(1);
    return service.endpoints().getFirst();
  }

  private static List<String> addresses(Converted converted) {
    return converted.services().stream().flatMap(each -> each.endpoints().stream()).map(Endpoint::address).toList();
  }
}
