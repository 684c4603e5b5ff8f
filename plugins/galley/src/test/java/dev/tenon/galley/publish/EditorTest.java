package dev.tenon.galley.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.galley.decode.Kind;
import dev.tenon.galley.decode.ObjectKey;
import dev.tenon.galley.source.FailingDisk;
import dev.tenon.spi.config.ConfigObject;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Validator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sets are applied and deleted wholly or not at all. */
class EditorTest {
  private static final ObjectKey A = new ObjectKey(Kind.DESTINATION_RULE, "default", "a");

  @TempDir Path root;

  @Test
  void aSetIsInForceAtOnceAndLiesThereAsOneFileForEachObject() throws IOException {
    Bench bench = ready(root);
    Edit.Result result = bench.apply(Bench.route("a", "v1") + "---\n" + Bench.subsets("a", "v1"), Bench.subsets("b", "v1"));
    assertThat(result.accepted()).isTrue();
    assertThat(changes(result)).containsExactly("VirtualService default/a created", "DestinationRule default/a created", "DestinationRule default/b created");
    assertThat(bench.rules().virtualServices()).containsOnlyKeys("default/a");
    assertThat(files()).containsExactly("default/destinationrule/a.yaml", "default/destinationrule/b.yaml", "default/virtualservice/a.yaml");
    assertThat(changes(bench.apply(Bench.subsets("a", "v1"), Bench.subsets("b", "v2")))).containsExactly("DestinationRule default/a unchanged", "DestinationRule default/b configured");
    assertThat(new Bench(root).file("x.yaml", "").rules()).isEqualTo(bench.rules());
  }

  @Test
  void oneInvalidObjectRefusesTheWholeSetAndSaysWhere() throws IOException {
    Bench bench = ready(root);
    Edit.Result result = bench.apply(Bench.subsets("a", "v1"), Bench.subsets("b", "v1").replace("host:", "hst:"));
    assertThat(result.accepted()).isFalse();
    assertThat(result.changes()).isEmpty();
    assertThat(result.findings()).extracting(Finding::toString).contains("apply1.yaml:5:8: error: spec.hst: unknown field; known here: exportTo, host, subsets, trafficPolicy [TEN0001]");
    assertThat(bench.rules().destinationRules()).isEmpty();
    assertThat(files()).isEmpty();
  }

  @Test
  void anObjectTwiceInASetAndASetOfNothingAreRefused() {
    Bench bench = ready(root);
    assertThat(bench.apply(Bench.subsets("a", "v1"), Bench.subsets("a", "v2")).findings()).extracting(Finding::toString)
        .containsExactly("apply1.yaml:1:1: error: DestinationRule default/a is given twice; remove one [TEN0102]");
    assertThat(bench.apply("# nothing\n").findings()).extracting(Finding::toString)
        .containsExactly("apply0.yaml: error: holds no object; an object has apiVersion, kind, metadata and spec [TEN0106]");
    assertThat(bench.apply().accepted()).isFalse();
  }

  @Test
  void whatAValidatorRefusesInObjectsTogetherRefusesTheSetThatBringsItAbout() {
    Bench bench = ready(root);
    bench.configuration.validators(List.of(new OneRuleOnly()));
    assertThat(bench.apply(Bench.subsets("a", "v1")).accepted()).isTrue();
    Edit.Result second = bench.apply(Bench.subsets("b", "v1"));
    assertThat(second.accepted()).isFalse();
    assertThat(second.findings()).extracting(Finding::toString).contains("apply0.yaml:1:1: error: a stands beside it [TEN0200]");
    assertThat(bench.rules().destinationRules()).containsOnlyKeys("default/a");
    assertThat(bench.apply(Bench.route("c", "v1")).accepted()).isTrue();
  }

  @Test
  void aRuleWithoutItsHandlerIsRefusedAndOneThatLosesItIsTold() {
    String handler =
        """
        apiVersion: config.istio.io/v1alpha2
        kind: handler
        metadata: {name: h}
        spec: {compiledAdapter: denier}
        ---
        """;
    String rule =
        """
        apiVersion: config.istio.io/v1alpha2
        kind: instance
        metadata: {name: i}
        spec: {compiledTemplate: checknothing}
        ---
        apiVersion: config.istio.io/v1alpha2
        kind: rule
        metadata: {name: r}
        spec: {actions: [{handler: h, instances: [i]}]}
        """;
    Bench bench = ready(root);
    Edit.Result alone = bench.apply(rule);
    assertThat(alone.accepted()).isFalse();
    assertThat(alone.findings()).extracting(Finding::toString)
        .containsExactly(
            "apply0.yaml:9:28: error: spec.actions[0].handler: Referenced handler not found: \"h\"; apply it before the rule or with it. Where the rule is in"
                + " force without it, its choice on failure decides: closed [IST0101]");
    assertThat(bench.apply(handler + rule).accepted()).isTrue();
    Edit.Result deleted = bench.editor.delete(List.of(new ObjectKey(Kind.HANDLER, "default", "h")), List.of(), "default");
    assertThat(deleted.accepted()).isTrue();
    assertThat(deleted.findings()).extracting(Finding::toString).singleElement().asString().contains("Referenced handler not found: \"h\"");
  }

  /** Lets no second DestinationRule in. */
  private static final class OneRuleOnly implements Validator {
    @Override
    public Set<String> kinds() {
      return Set.of("networking.istio.io/DestinationRule");
    }

    @Override
    public List<Finding> validate(ConfigObject object) {
      return List.of();
    }

    @Override
    public Map<ConfigObject, List<Finding>> validateTogether(Collection<ConfigObject> objects) {
      Map<ConfigObject, List<Finding>> findings = new HashMap<>();
      objects.stream()
          .filter(each -> each.kind().equals("DestinationRule") && !each.name().equals("a"))
          .forEach(each -> findings.put(each, List.of(new Finding(Finding.Severity.ERROR, "TEN0200", each.at(), "", "a stands beside it"))));
      return findings;
    }
  }

  @Test
  void whatIsDoubtfulBetweenObjectsWarnsAndIsRefusedOnlyWhenStrict() throws IOException {
    Bench bench = ready(root);
    Edit.Result strict = bench.editor.apply(Bench.texts(Bench.route("a", "v1")), true, false, "default");
    assertThat(strict.accepted()).isFalse();
    assertThat(strict.findings()).extracting(Finding::toString)
        .containsExactly("apply0.yaml:7:45: warning: spec.http[0].route[0].destination.subset: Referenced host+subset in destinationrule not found: \"a+v1\"; apply a DestinationRule that has it, or requests are answered 503 [IST0101]");
    assertThat(files()).isEmpty();
    assertThat(bench.apply(Bench.route("a", "v1")).accepted()).isTrue();
    Edit.Result mended = bench.editor.apply(Bench.texts(Bench.subsets("a", "v1")), true, false, "default");
    assertThat(mended.accepted()).isTrue();
    assertThat(mended.findings()).isEmpty();
  }

  @Test
  void aDryRunSaysWhatWouldHappenAndChangesNothing() throws IOException {
    Bench bench = ready(root);
    Edit.Result result = bench.editor.apply(Bench.texts(Bench.subsets("a", "v1")), false, true, "other");
    assertThat(result.accepted()).isTrue();
    assertThat(changes(result)).containsExactly("DestinationRule other/a created");
    assertThat(files()).isEmpty();
  }

  @Test
  void aFullDiskRefusesTheSetAndTheOldFilesStayWhole() throws IOException {
    ready(root).apply(Bench.subsets("a", "v1"));
    String before = Files.readString(root.resolve("default/destinationrule/a.yaml"));
    Bench bench = new Bench(root, FailingDisk.fullAfter(4));
    bench.configuration.scan();
    Edit.Result result = bench.apply(Bench.subsets("a", "v2"), Bench.subsets("b", "v1"));
    assertThat(result.accepted()).isFalse();
    assertThat(result.findings().getLast().message()).startsWith("could not be written: FileSystem ").contains("No space left on device").endsWith("; nothing was changed");
    assertThat(Files.readString(root.resolve("default/destinationrule/a.yaml"))).isEqualTo(before);
    assertThat(bench.rules().destinationRules()).containsOnlyKeys("default/a");
  }

  @Test
  void whatWasDroppedByHandIsReplacedWhereItLiesOrOverlaid() throws IOException {
    Bench bench = ready(root).file("one.yaml", Bench.subsets("a", "v1")).file("two.yaml", Bench.subsets("b", "v1") + "---\n" + Bench.subsets("c", "v1"));
    Edit.Result result = bench.apply(Bench.subsets("a", "v2"), Bench.subsets("b", "v2"));
    assertThat(result.accepted()).isTrue();
    assertThat(files()).containsExactly("default/destinationrule/b.yaml", "one.yaml", "two.yaml");
    assertThat(bench.rules().destinationRules().values()).extracting(each -> each.subsets().getFirst().name()).containsExactlyInAnyOrder("v2", "v2", "v1");
    assertThat(result.findings()).singleElement().satisfies(each -> assertThat(each.message()).contains("stands there too"));
  }

  @Test
  void aBrokenFileOfItsOwnIsMendedByApply() {
    Bench bench = ready(root);
    bench.apply(Bench.subsets("a", "v1"));
    bench.file("default/destinationrule/a.yaml", "kind: [");
    assertThat(bench.findings()).isNotEmpty();
    assertThat(changes(bench.apply(Bench.subsets("a", "v1")))).containsExactly("DestinationRule default/a configured");
    assertThat(bench.findings()).isEmpty();
  }

  @Test
  void deletingNamesWhatIsMissingAndDeletesTheRest() throws IOException {
    Bench bench = ready(root);
    bench.apply(Bench.subsets("a", "v1"), Bench.route("a", "v1"));
    ObjectKey ghost = new ObjectKey(Kind.GATEWAY, "default", "ghost");
    Edit.Result result = bench.editor.delete(List.of(A, ghost), List.of(), "default");
    assertThat(changes(result)).containsExactly("DestinationRule default/a deleted");
    assertThat(result.missing()).containsExactly(ghost);
    assertThat(result.findings()).singleElement().satisfies(each -> assertThat(each.code()).isEqualTo("IST0101"));
    assertThat(files()).containsExactly("default/virtualservice/a.yaml");
    assertThat(bench.rules().destinationRules()).isEmpty();
    assertThat(changes(bench.editor.delete(List.of(), Bench.texts(Bench.route("a", "v9").replace("hosts", "hots")), "default"))).containsExactly("VirtualService default/a deleted");
  }

  @Test
  void aFileOfSeveralObjectsIsNotDeletedForOneOfThem() throws IOException {
    Bench bench = ready(root).file("two.yaml", Bench.subsets("a", "v1") + "---\n" + Bench.subsets("b", "v1"));
    Edit.Result result = bench.editor.delete(List.of(A), List.of(), "default");
    assertThat(result.accepted()).isFalse();
    assertThat(result.findings().getFirst().message()).isEqualTo("holds more than DestinationRule default/a; remove it there by hand");
    Edit.Result both = bench.editor.delete(List.of(A, new ObjectKey(Kind.DESTINATION_RULE, "default", "b")), List.of(), "default");
    assertThat(both.accepted()).isTrue();
    assertThat(files()).isEmpty();
  }

  @Test
  void nothingIsEditedBeforeEverythingWasReadOnce() {
    Bench bench = new Bench(root);
    assertThatThrownBy(() -> bench.apply(Bench.subsets("a", "v1"))).isInstanceOf(Edit.NotReady.class);
  }

  @Test
  void aThousandObjectsAreAppliedAndFoundAgain() {
    Bench bench = ready(root);
    StringBuilder yaml = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      yaml.append(Bench.subsets("a" + i, "v1")).append("---\n");
    }
    assertThat(bench.apply(yaml.toString()).changes()).hasSize(1000);
    assertThat(bench.rules().destinationRules()).hasSize(1000);
  }

  private static Bench ready(Path root) {
    Bench bench = new Bench(root);
    bench.configuration.scan();
    return bench;
  }

  private static List<String> changes(Edit.Result result) {
    return result.changes().stream().map(each -> each.key() + " " + each.what()).toList();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .filter(path -> !path.startsWith("."))
          .sorted()
          .toList();
    }
  }
}
