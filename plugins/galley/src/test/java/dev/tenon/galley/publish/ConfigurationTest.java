package dev.tenon.galley.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.galley.source.Directory;
import dev.tenon.galley.source.LastGood;
import dev.tenon.galley.source.LocalDisk;
import dev.tenon.galley.source.Sources;
import dev.tenon.kernel.boot.YamlText;
import dev.tenon.spi.config.ConfigObject;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Validator;
import dev.tenon.spi.rules.PolicyRules;
import dev.tenon.spi.rules.RuleSet;
import dev.tenon.spi.rules.VirtualService;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in force, given what the files say and said. */
class ConfigurationTest {
  @TempDir Path root;

  @Test
  void nothingIsPublishedBeforeEverythingWasReadOnce() {
    Directory directory = new Directory(root, new LocalDisk());
    Configuration configuration = new Configuration(new Sources(directory, Set.of()), new LastGood(directory.own()), "cluster.local");
    List<RuleSet> published = new ArrayList<>();
    configuration.rules().subscribe(published::add);
    configuration.scan();
    assertThat(published).isEmpty();
    configuration.parser(new YamlText());
    assertThat(published).isEmpty();
    configuration.scan();
    assertThat(published).containsExactly(RuleSet.EMPTY);
    assertThat(configuration.ready().toCompletableFuture()).isDone();
  }

  @Test
  void anythingOfAnyNameIsRead() {
    Bench bench = new Bench(root).file("whatever/mine.yml", Bench.route("a", "v1") + "---\n" + Bench.subsets("a", "v1"));
    assertThat(bench.rules().virtualServices()).containsOnlyKeys("default/a");
    assertThat(bench.rules().destinationRules()).containsOnlyKeys("default/a");
    assertThat(bench.findings()).isEmpty();
  }

  @Test
  void aBadObjectTakesNoGoodOneDownAndItsLastGoodVersionStays() {
    Bench bench = new Bench(root).file("a.yaml", Bench.route("a", "v1") + "---\n" + Bench.subsets("a", "v1")).file("b.yaml", Bench.subsets("b", "v1"));
    VirtualService before = bench.rules().virtualServices().get("default/a");
    bench.file("a.yaml", Bench.route("a", "v2").replace("hosts", "hots") + "---\n" + Bench.subsets("a", "v1", "v2"));
    assertThat(bench.rules().virtualServices().get("default/a")).isEqualTo(before);
    assertThat(bench.subsetsOf("a")).hasSize(2);
    assertThat(bench.rules().destinationRules()).containsKey("default/b");
    assertThat(bench.findings())
        .contains(
            "a.yaml:5:9: error: spec.hots: unknown field; known here: exportTo, gateways, hosts, http [TEN0001]",
            "a.yaml:1:1: info: VirtualService default/a stays in force as it was before; mend the file, or delete the object [TEN0103]");
    bench.file("a.yaml", Bench.route("a", "v2") + "---\n" + Bench.subsets("a", "v2"));
    assertThat(bench.rules().virtualServices().get("default/a")).isNotEqualTo(before);
    assertThat(bench.findings()).isEmpty();
  }

  @Test
  void aFileThatIsNoYamlKeepsAllThatItHeldAndOthersChangeOn() {
    Bench bench = new Bench(root).file("a.yaml", Bench.subsets("a", "v1") + "---\n" + Bench.subsets("b", "v1"));
    bench.file("a.yaml", "kind: [\n").file("c.yaml", Bench.subsets("c", "v1"));
    assertThat(bench.rules().destinationRules()).containsOnlyKeys("default/a", "default/b", "default/c");
    assertThat(bench.findings()).anyMatch(each -> each.startsWith("a.yaml:2:1: error: is no YAML"));
    bench.remove("a.yaml");
    assertThat(bench.rules().destinationRules()).containsOnlyKeys("default/c");
    assertThat(bench.findings()).isEmpty();
  }

  @Test
  void aFileBrokenWhileNobodyRanTakesNothingOutOfForce() {
    new Bench(root).file("a.yaml", Bench.subsets("a", "v1")).file("b.yaml", Bench.subsets("b", "v1"));
    // The process is gone; somebody breaks one file and removes the other.
    java.io.File broken = root.resolve("a.yaml").toFile();
    assertThat(broken.delete() && root.resolve("b.yaml").toFile().delete()).isTrue();
    Bench again = new Bench(root).file("a.yaml", "metadata: {name: a\n");
    assertThat(again.rules().destinationRules()).containsOnlyKeys("default/a");
  }

  @Test
  void whatIsTakenOutOfAFileIsGone() {
    Bench bench = new Bench(root).file("a.yaml", Bench.subsets("a", "v1") + "---\n" + Bench.subsets("b", "v1"));
    bench.file("a.yaml", Bench.subsets("b", "v1"));
    assertThat(bench.rules().destinationRules()).containsOnlyKeys("default/b");
  }

  @Test
  void anUnreadableDirectoryIsNotAnEmptyOne() throws java.io.IOException {
    Path config = root.resolve("config");
    Bench bench = new Bench(config).file("a.yaml", Bench.subsets("a", "v1"));
    java.nio.file.Files.move(config, root.resolve("away"));
    bench.configuration.scan();
    assertThat(bench.rules().destinationRules()).containsOnlyKeys("default/a");
    assertThat(bench.findings()).anyMatch(each -> each.contains("cannot be read"));
    java.nio.file.Files.move(root.resolve("away"), config);
    bench.configuration.scan();
    assertThat(bench.findings()).isEmpty();
  }

  @Test
  void equalObjectsStayEqualAndNothingIsPublishedWhenNothingChanged() {
    Bench bench = new Bench(root).file("a.yaml", Bench.route("a", "v1"));
    int before = bench.published.size();
    bench.file("a.yaml", "# a remark that moves every line\n\n" + Bench.route("a", "v1"));
    assertThat(bench.published).hasSize(before);
  }

  @Test
  void anObjectInTwoFilesIsTheOneThatApplyWroteAndTheOtherIsTold() {
    Bench bench = new Bench(root).file("a.yaml", Bench.subsets("a", "v1")).file("b.yaml", Bench.subsets("a", "v2"));
    assertThat(bench.subsetsOf("a").getFirst().name()).isEqualTo("v1");
    assertThat(bench.findings()).singleElement().asString().startsWith("b.yaml:1:1: warning: DestinationRule default/a is given in ").contains("a.yaml too");
    bench.file("default/destinationrule/a.yaml", Bench.subsets("a", "v3"));
    assertThat(bench.subsetsOf("a").getFirst().name()).isEqualTo("v3");
    bench.file("c.yaml", Bench.subsets("c", "v1") + "---\n" + Bench.subsets("c", "v2"));
    assertThat(bench.subsetsOf("c").getFirst().name()).isEqualTo("v1");
  }

  @Test
  void whoGivesAKindItsMeaningIsAskedAndOneThatFailsHarmsNobody() {
    Bench bench = new Bench(root).file("r.yaml", rule("true"));
    assertThat(bench.policyRules()).hasSize(1);
    bench.configuration.validators(List.of(new NoFalse(), new Broken()));
    bench.file("r.yaml", rule("false"));
    assertThat(bench.policyRules().getFirst().match()).isEqualTo("true");
    assertThat(bench.findings()).anyMatch(each -> each.contains("spec.match: false is never true"));
    assertThat(bench.findings()).anyMatch(each -> each.contains("could not be checked by dev.tenon.galley.publish.ConfigurationTest$Broken"));
    bench.configuration.validators(List.of());
    bench.configuration.scan();
    assertThat(bench.policyRules().getFirst().match()).isEqualTo("false");
  }

  @Test
  void aRateLimitIsAHandlerAnInstanceAndARule() {
    Bench bench =
        new Bench(root)
            .file(
                "a.yaml",
                """
                apiVersion: policy.tenon.dev/v1alpha1
                kind: RateLimit
                metadata: {name: reviews}
                spec:
                  services: [reviews]
                  match: request.method == "GET"
                  per: {user: 'request.headers["x-user"] | "nobody"'}
                  limit: 5
                  window: 10s
                  cost: 2
                  onExceed: ALLOW
                  onFailure: open
                  except: [{per: {user: ann}, limit: 50}]
                """);
    assertThat(bench.findings()).isEmpty();
    PolicyRules policy = Objects.requireNonNull(bench.rules().policies().get("default"));
    assertThat(policy.handlers())
        .singleElement()
        .satisfies(
            handler -> {
              assertThat(handler.kind()).isEqualTo("RateLimit");
              assertThat(handler.adapter()).isEqualTo("memquota");
              assertThat(handler.params().toString()).contains("maxAmount", "5.0", "10s", "ann", "50.0", "ROLLING_WINDOW");
            });
    assertThat(policy.instances())
        .singleElement()
        .satisfies(instance -> assertThat(instance.charges().orElseThrow()).extracting(PolicyRules.QuotaCharge::amount).containsExactly(2L));
    assertThat(policy.rules())
        .singleElement()
        .satisfies(
            rule -> {
              assertThat(rule.meta().name()).isEqualTo("RateLimit/reviews");
              assertThat(rule.match())
                  .isEqualTo(
                      "((destination.service.host | \"\").startsWith(\"reviews.default.svc.\")) && (request.method == \"GET\")");
              assertThat(rule.actions()).containsExactly(new PolicyRules.Action("reviews.RateLimit", List.of("reviews.RateLimit")));
              assertThat(rule.failOpen()).isTrue();
              assertThat(rule.allowsExceeded()).isTrue();
            });
  }

  @Test
  void aQuotaThatAQuotaSpecNamesIsChargedWhereThatIsBound() {
    Bench bench =
        new Bench(root)
            .file(
                "a.yaml",
                """
                {apiVersion: config.istio.io/v1alpha2, kind: quota, metadata: {name: requests, namespace: istio-system}, spec: {}}
                ---
                {apiVersion: config.istio.io/v1alpha2, kind: quota, metadata: {name: other, namespace: istio-system}, spec: {}}
                ---
                {apiVersion: config.istio.io/v1alpha2, kind: QuotaSpec, metadata: {name: spec, namespace: istio-system}, spec:
                  {rules: [{match: [{clause: {request.path: {prefix: /a.b}}}], quotas: [{quota: Requests, charge: 2}]}]}}
                ---
                {apiVersion: config.istio.io/v1alpha2, kind: QuotaSpecBinding, metadata: {name: b, namespace: istio-system}, spec:
                  {quotaSpecs: [{name: spec}], services: [{name: productpage, namespace: default}]}}
                """);
    assertThat(bench.findings()).isEmpty();
    var instances = Objects.requireNonNull(bench.rules().policies().get("istio-system")).instances();
    assertThat(instances).extracting(each -> each.meta().name()).containsExactly("other", "requests");
    assertThat(instances.get(0).charges()).isEmpty();
    assertThat(instances.get(1).charges().orElseThrow())
        .singleElement()
        .satisfies(
            charge -> {
              assertThat(charge.amount()).isEqualTo(2);
              assertThat(charge.match())
                  .isEqualTo(
                      "((destination.service.host | \"\") == \"productpage.default.svc.cluster.local\")"
                          + " && ((\"^\\\\/a\\\\.b\".matches((request.path | \"\"))))");
            });
  }

  private static String rule(String match) {
    return """
        apiVersion: config.istio.io/v1alpha2
        kind: rule
        metadata: {name: r}
        spec: {match: "%s", actions: [{handler: h, instances: [i]}]}
        """
        .formatted(match);
  }

  private static final class NoFalse implements Validator {
    @Override
    public Set<String> kinds() {
      return Set.of("config.istio.io/rule");
    }

    @Override
    public List<Finding> validate(ConfigObject object) {
      return object.spec().entries().toString().contains("false")
          ? List.of(new Finding(Finding.Severity.ERROR, "TEN0200", object.at(), "spec.match", "false is never true"))
          : List.of();
    }
  }

  private static final class Broken implements Validator {
    @Override
    public Set<String> kinds() {
      return Set.of("config.istio.io/rule");
    }

    @Override
    public List<Finding> validate(ConfigObject object) {
      throw new IllegalStateException("broken");
    }
  }
}
