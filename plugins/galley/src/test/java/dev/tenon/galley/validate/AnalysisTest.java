package dev.tenon.galley.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.galley.Samples;
import dev.tenon.galley.decode.Decoded;
import dev.tenon.galley.decode.ObjectKey;
import dev.tenon.galley.decode.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Findings between objects, in Istio's words and with its codes. */
class AnalysisTest {
  /**
   * Istio's own analysis cases that concern the kinds known here: file, and what must be said. Not
   * among them, because a kind or a field in them is refused before: destination hosts (they are
   * Kubernetes Services), destination rules (mirrors, and routes without hosts), TLS of destination
   * rules, gateways' secrets and Services, Kubernetes gateways, claims of tokens, internal gateways,
   * and of the hosts not found the fourth (its gateway has two ports of one name, which Istio's own
   * validation refuses too).
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "conflicting-gateways.yaml | IST0145 default/alpha, IST0145 default/beta",
        "conflicting-gateways-subSelector.yaml | IST0145 default/alpha, IST0145 default/beta",
        "virtualservice_host_not_found_gateway_beta.yaml | IST0132 default/testing-service-02-test-01, IST0132 default/testing-service-02-test-02, IST0132 default/testing-service-02-test-03",
        "virtualservice_host_not_found_gateway_with_ns_prefix.yaml | IST0132 default/testing-service-01-test-01",
        "virtualservice_route_rule_no_effects_ingress.yaml | IST0140 default/testing-service-01-test-01",
      })
  void istiosOwnCasesAreSaid(String file, String expected) {
    // A gateway of TCP is refused here, so the cases speak HTTP.
    String yaml = Samples.read(Samples.path("analyze/testdata/" + file)).replace("protocol: TCP", "protocol: HTTP");
    List<String> codes = List.of(expected.split(", ")).stream().map(each -> each.substring(0, 7)).distinct().toList();
    assertThat(said(yaml).stream().filter(each -> codes.contains(each.substring(0, 7))).map(each -> each.split(" ")[0] + " " + each.split(" ")[1]))
        .containsExactlyInAnyOrder(expected.split(", "));
  }

  @Test
  void theSequenceOfBookinfoIsWithoutDoubtButForOneRouteThatIsNeverReached() {
    String folder = "istio-1.31/samples/bookinfo/networking/";
    String base = read(folder, "destination-rule-all.yaml") + "---\n" + read(folder, "virtual-service-all-v1.yaml");
    for (String file : List.of("90-10", "50-v3", "v3", "jason-v2-v3", "test-v2", "v2-v3", "80-20")) {
      assertThat(said(base + "---\n" + read(folder, "virtual-service-reviews-" + file + ".yaml"))).as(file).isEmpty();
    }
    assertThat(said(read(folder, "fault-injection-details-v1.yaml")))
        .containsExactly("IST0130 default/details 18:5 VirtualService rule #1 not used (only the last rule can have no matches).");
  }

  @Test
  void referencesThatLeadNowhereAreTold() {
    String yaml =
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: a}
        spec:
          hosts: [a, ext.example.com]
          gateways: [mesh, front]
          http:
          - route:
            - destination: {host: a, subset: v9}
            - destination: {host: unknown.example.com}
              weight: 1
            - destination: {host: ext.example.com}
            - destination: {host: ext.example.com, port: {number: 82}}
        ---
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: ext}
        spec:
          hosts: [ext.example.com]
          resolution: DNS
          ports: [{number: 80, name: http, protocol: HTTP}, {number: 81, name: http-b, protocol: HTTP}]
        ---
        apiVersion: config.istio.io/v1alpha2
        kind: rule
        metadata: {name: r, namespace: istio-system}
        spec:
          actions: [{handler: h.handler.istio-system, instances: [i, j.default]}]
        ---
        apiVersion: config.istio.io/v1alpha2
        kind: instance
        metadata: {name: i, namespace: istio-system}
        spec: {compiledTemplate: checknothing}
        """;
    assertThat(said(yaml))
        .containsExactly(
            "IST0101 default/a 6:20 Referenced gateway not found: \"default/front\"; apply it, or correct the name",
            "IST0101 default/a 9:38 Referenced host+subset in destinationrule not found: \"a+v9\"; apply a DestinationRule that has it, or requests are answered 503",
            "IST0101 default/a 10:27 Referenced host not found: \"unknown.example.com\"; apply a ServiceEntry for it, or correct the name",
            "IST0112 default/a 12:27 This VirtualService routes to a service \"ext.example.com\" that exposes multiple ports [80, 81]. Specifying a port in the destination is required to disambiguate.",
            "IST0101 default/a 13:59 Referenced host:port not found: \"ext.example.com:82\"; the entry has [80, 81]",
            "IST0101 istio-system/r 27:23 Referenced handler not found: \"h.handler.istio-system\"; apply it before the rule or with it. Where the rule is in force without it, its choice on failure decides: closed",
            "IST0101 istio-system/r 27:62 Referenced instance not found: \"j.default\"; apply it before the rule or with it. Where the rule is in force without it, its choice on failure decides: closed");
  }

  @Test
  void handlersAndInstancesGoByMixersNamesOld() {
    String mixer = "apiVersion: config.istio.io/v1alpha2\n";
    String yaml =
        mixer + "kind: handler\nmetadata: {name: h}\nspec: {compiledAdapter: denier}\n---\n"
            + mixer + "kind: instance\nmetadata: {name: i}\nspec: {compiledTemplate: checknothing}\n---\n"
            + mixer + "kind: rule\nmetadata: {name: r}\nspec: {actions: [{handler: %s, instances: [%s]}]}\n";
    for (String names : List.of("h i", "h.denier i.checknothing", "h.default i.default", "h.handler.default i.checknothing.default")) {
      assertThat(said(yaml.formatted((Object[]) names.split(" ")))).as(names).isEmpty();
    }
    for (String names : List.of("h.memquota i", "h i.quota", "h.instance.default i", "h.other i", "h.a.b.c i")) {
      assertThat(said(yaml.formatted((Object[]) names.split(" ")))).as(names).hasSize(1);
    }
  }

  @Test
  void aHostClaimedTwiceIsToldOfBothWhereBothAreSeen() {
    String one = claim("one", "default", "reviews", "");
    String other = claim("other", "prod", "reviews.default.svc.cluster.local", "");
    assertThat(said(one + other)).hasSize(2).allMatch(each -> each.startsWith("IST0109"));
    assertThat(said(one + claim("other", "prod", "reviews", ""))).isEmpty();
    assertThat(said(claim("one", "default", "a.example.com", "exportTo: [x]") + claim("other", "prod", "a.example.com", "exportTo: [y]")))
        .noneMatch(each -> each.startsWith("IST0109"));
  }

  @Test
  void matchesThatAnEarlierRouteHasAreTold() {
    String yaml =
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: a}
        spec:
          hosts: [a]
          http:
          - {name: first, match: [{uri: {prefix: /x}}], route: [{destination: {host: a}}]}
          - {match: [{uri: {prefix: /x}}], route: [{destination: {host: a}}]}
        """;
    assertThat(said(yaml))
        .containsExactly(
            "IST0131 default/a 8:14 VirtualService rule #1 match #0 is not used (duplicate/overlapping match in rule \"first\").",
            "IST0130 default/a 8:5 VirtualService rule #1 not used (all matches used by prior rules).");
  }

  private static String claim(String name, String namespace, String host, String more) {
    return """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: %s, namespace: %s}
        spec:
          hosts: [%s]
          http: [{route: [{destination: {host: reviews}}]}]
          %s
        ---
        """
        .formatted(name, namespace, host, more);
  }

  private static String read(String folder, String file) {
    return Samples.read(Samples.path(folder + file));
  }

  private static List<String> said(String yaml) {
    Map<ObjectKey, Decoded> objects = new HashMap<>();
    for (Outcome outcome : Samples.decode("f.yaml", yaml)) {
      if (outcome instanceof Outcome.Good good) {
        objects.put(good.decoded().key(), good.decoded());
      }
    }
    List<String> result = new ArrayList<>();
    Analysis.of(objects.values(), "cluster.local", Validators.NONE)
        .forEach(
            (key, findings) ->
                findings.forEach(
                    each ->
                        result.add(
                            each.code() + " " + key.namespace() + "/" + key.name() + " " + each.at().line() + ":" + each.at().column() + " " + each.message())));
    return result;
  }
}
