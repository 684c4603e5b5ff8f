package dev.tenon.mixer.accept;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.mixer.Scripted;
import dev.tenon.mixer.SmallKernel;
import dev.tenon.mixer.Yaml;
import dev.tenon.spi.policy.Verdict;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PolicyValidatorTest {
  private final SmallKernel kernel = SmallKernel.start();
  private final Scripted adapter = Scripted.computing("scripted", instance -> Verdict.ALLOW);

  @BeforeEach
  void install() {
    kernel.install(adapter);
  }

  @AfterEach
  void close() {
    kernel.close();
  }

  private String said(String yaml) {
    return kernel.validator().validate(Yaml.objects(yaml).getFirst()).stream()
        .map(Object::toString)
        .collect(Collectors.joining("\n"));
  }

  @Test
  void aMatchIsCheckedWithItsPlaceInTheFile() {
    assertThat(
            said(
                """
                kind: rule
                metadata: {name: r}
                spec:
                  match: connection.mtls && soruce.ip == ip("1.2.3.4")
                """))
        .isEqualTo(
            "policy.yaml:4:29: error: spec.match: at 1:20: unknown attribute soruce.ip; did you mean"
                + " source.ip? [TEN0301]");
  }

  @Test
  void aMatchOfSeveralLinesIsCheckedWithThePlaceWithin() {
    assertThat(
            said(
                """
                kind: rule
                metadata: {name: r}
                spec:
                  match: |
                    connection.mtls &&
                    request.pth == "/"
                """))
        .startsWith("policy.yaml:4:10: error: spec.match: at 2:1: unknown attribute request.pth");
  }

  @Test
  void aMatchIsTrueOrFalse() {
    assertThat(said("{kind: rule, metadata: {name: r}, spec: {match: request.path}}"))
        .contains("the expression gives STRING; a match is true or false");
  }

  @Test
  void anExpressionThatFailsForEveryRequestIsRefused() {
    assertThat(said("{kind: rule, metadata: {name: r}, spec: {match: 'source.ip == ip(\"nowhere\")'}}"))
        .contains("error").contains("fails for every request: \"nowhere\" is no IP address");
    assertThat(said("{kind: rule, metadata: {name: r}, spec: {match: '\"(\".matches(request.path)'}}"))
        .contains("error").contains("bad regular expression");
  }

  @Test
  void aDoubtIsAWarning() {
    assertThat(said("{kind: rule, metadata: {name: r}, spec: {match: 'request.headers[\"X-A\"] == \"b\"'}}"))
        .contains("warning").contains("[TEN0302]");
  }

  @Test
  void theFieldsOfATemplateAreKnown() {
    String instance = "{kind: instance, metadata: {name: i}, spec: {compiledTemplate: listentry, params: %s}}";
    assertThat(said(instance.formatted("{value: source.ip}"))).isEmpty();
    assertThat(said(instance.formatted("{valu: source.ip}")))
        .contains("spec.params.valu: unknown field of the template listentry; known here: value")
        .contains("spec.params.value: is required");
    assertThat(said(instance.formatted("{value: destination.port}"))).contains("the expression gives INT64");
    assertThat(said(instance.formatted("{value: 5}"))).contains("should be an expression");
    assertThat(said("{kind: instance, metadata: {name: i}, spec: {compiledTemplate: checknothing, params: {value: a}}}"))
        .contains("the template checknothing, which has none");
  }

  @Test
  void anInstalledAdapterSaysWhatItThinksOfItsParameters() {
    String handler = "{kind: handler, metadata: {name: h}, spec: {compiledAdapter: scripted, params: {note: %s}}}";
    assertThat(said(handler.formatted("good"))).isEmpty();
    assertThat(said(handler.formatted("bad"))).contains("error: spec.params.note: is bad");
    assertThat(adapter.closed.get()).isEqualTo(adapter.built.get());
  }

  @Test
  void anAdapterThatIsNotInstalledIsAWarning() {
    assertThat(said("{kind: handler, metadata: {name: h}, spec: {compiledAdapter: scriptet}}"))
        .contains("warning: spec.compiledAdapter: no adapter scriptet is installed here; did you mean scripted?");
  }

  @Test
  void aReferenceHasAtMostThreeParts() {
    assertThat(said("{kind: rule, metadata: {name: r}, spec: {actions: [{handler: a.b.c.d, instances: [i]}]}}"))
        .contains("error: spec.actions[0].handler").contains("name.handler.namespace");
  }

  @Test
  void aRuleThatGivesAnAdapterATemplateItDoesNotTakeIsAnErrorWithItsPlace() {
    String yaml =
        """
        {apiVersion: config.istio.io/v1alpha2, kind: handler, metadata: {name: h}, spec: {compiledAdapter: scripted}}
        ---
        {apiVersion: config.istio.io/v1alpha2, kind: instance, metadata: {name: i}, spec: {compiledTemplate: quota}}
        ---
        kind: rule
        metadata: {name: r}
        spec:
          actions: [{handler: h.handler.default, instances: [i.quota]}]
        """;
    assertThat(kernel.validator().validateTogether(Yaml.objects(yaml)).values())
        .singleElement()
        .asString()
        .contains("policy.yaml:8:54: error: spec.actions[0].instances[0]: the adapter scripted of handler h.default takes no quota");
    assertThat(kernel.validator().validateTogether(Yaml.objects(yaml.replace("quota", "checknothing")))).isEmpty();
    assertThat(kernel.validator().validateTogether(Yaml.objects(yaml.replace("scripted", "absent")))).isEmpty();
  }

  private static final String LIMITED =
      """
      {kind: handler, metadata: {name: h}, spec: {compiledAdapter: counter, params: {quotas: [
        {name: %s, maxAmount: 5, plans: {dimension: plan}, overrides: [
          {dimensions: {user: ann}, maxAmount: 1}, {dimensions: {%s: bob}, maxAmount: 2}]}]}}}
      ---
      {kind: instance, metadata: {name: i}, spec: {compiledTemplate: quota, params: {dimensions: {user: source.name, plan: source.user}}}}
      ---
      {kind: rule, metadata: {name: r}, spec: {actions: [{handler: h, instances: [i]}]}}
      ---
      {kind: rule, metadata: {name: again}, spec: {actions: [{handler: h, instances: [i]}]}}
      """;

  private String together(String yaml) {
    return kernel.validator().validateTogether(Yaml.objects(yaml)).values().stream()
        .flatMap(List::stream)
        .map(Object::toString)
        .collect(Collectors.joining("\n"));
  }

  @Test
  void anOverrideByWhatTheInstanceHasNotNeverMatches() {
    for (String name : List.of("i", "i.default", "i.instance.default")) {
      assertThat(together(LIMITED.formatted(name, "user"))).isEmpty();
    }
    assertThat(together(LIMITED.formatted("i", "usr")))
        .isEqualTo(
            "policy.yaml:3:65: error: spec.params.quotas[0].overrides[1].dimensions.usr: this override never matches: the instance i has no"
                + " dimension usr, only user, plan; add it there, or correct the name [TEN0309]");
    assertThat(together(LIMITED.formatted("i", "user").replace("plan: source.user", "tier: source.user")))
        .contains("spec.params.quotas[0].plans.dimension: a plan never matches: the instance i has no dimension plan, only user, tier");
  }

  @Test
  void aRuleThatJudgesByTheAnswerNeverHolds() {
    String rules = LIMITED.formatted("i", "user").replace("{name: r}, spec: {", "{name: r}, spec: {match: response.code == 500, ");
    assertThat(together(rules))
        .isEqualTo("policy.yaml:7:49: warning: spec.match: at 1:1: no check ever sees response.code: it is known only after the answer [TEN0302]");
    String report = rules.replace("compiledTemplate: quota", "compiledTemplate: metric");
    assertThat(together(report)).as("a report does").doesNotContain("no check ever sees");
  }

  @Test
  void anInstanceThatTheHandlerHasNoQuotaForIsRefused() {
    assertThat(together(LIMITED.formatted("j", "user")))
        .contains("policy.yaml:7:77: error: spec.actions[0].instances[0]: the handler h has no quota named i, only j; add one of that name to its quotas [TEN0309]");
    assertThat(together(LIMITED.formatted("i.other", "user"))).contains("has no quota named i, only i.other");
    assertThat(together(LIMITED.formatted("j", "user").replace("maxAmount: 5, ", ""))).as("of another form").isEmpty();
  }

  @Test
  void theDimensionsOfAQuotaAreExpressionsOfAnyType() {
    String instance = "{kind: instance, metadata: {name: i}, spec: {compiledTemplate: quota, params: %s}}";
    assertThat(said(instance.formatted("{}"))).isEmpty();
    assertThat(said(instance.formatted("{dimensions: {a: source.ip, b: destination.port, c: '\"x\"'}}"))).isEmpty();
    assertThat(said(instance.formatted("{dimensions: {a: request.headers}}"))).contains("spec.params.dimensions.a").contains("STRING_MAP");
    assertThat(said(instance.formatted("{dimensions: {a: source.ipp}}"))).contains("error: spec.params.dimensions.a").contains("source.ip?");
    assertThat(said(instance.formatted("{dimensions: source.ip}"))).contains("should be a mapping of names to expressions");
    assertThat(said(instance.formatted("{dimension: {}}"))).contains("known here: dimensions");
  }

  @Test
  void aManifestDeclaresWhatThereIsWithTheTypeThatItHas() {
    String manifest = "{kind: attributemanifest, metadata: {name: m}, spec: {attributes: {%s: {valueType: %s}}}}";
    assertThat(said(manifest.formatted("source.ip", "IP_ADDRESS"))).isEmpty();
    assertThat(said(manifest.formatted("source.ip", "STRING")))
        .isEqualTo("policy.yaml:1:91: error: spec.attributes.source.ip.valueType: \"STRING\" is not the type that requests give it, IP_ADDRESS; write that [TEN0307]");
    assertThat(said(manifest.formatted("source.ipp", "IP_ADDRESS")))
        .startsWith("policy.yaml:1:80: error: spec.attributes.source.ipp: unknown attribute source.ipp: nothing in this mesh gives it a value; near it: source.ip");
  }

  @Test
  void aQuotaSpecComparesAttributesThatAreText() {
    String spec = "{kind: QuotaSpec, metadata: {name: q}, spec: {rules: [{match: [{clause: {%s: {exact: a}}}]}]}}";
    assertThat(said(spec.formatted("request.path"))).isEmpty();
    assertThat(said(spec.formatted("source.ip"))).contains("spec.rules[0].match[0].clause.source.ip: is of the type IP_ADDRESS");
    assertThat(said(spec.formatted("request.pth"))).contains("unknown attribute request.pth").contains("request.path");
  }
}
