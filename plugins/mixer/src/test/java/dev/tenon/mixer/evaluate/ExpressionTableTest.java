package dev.tenon.mixer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenon.mixer.check.Vocabulary;
import dev.tenon.mixer.parse.BadExpression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Mixer's own expressions and what they gave, as a table: the one in this tree, and the larger one
 * beside the checkout when it is there.
 */
class ExpressionTableTest {
  @TestFactory
  Stream<DynamicTest> expressionsGiveWhatMixerGave() throws IOException {
    return table(Path.of("src/test/resources/cexl"));
  }

  @TestFactory
  Stream<DynamicTest> expressionsOfTheSharedTableGiveWhatMixerGave() throws IOException {
    Path folder = shared();
    boolean there = Files.isReadable(folder.resolve("cases.json"));
    if (!there) {
      return Stream.of(
          DynamicTest.dynamicTest(
              "shared table", () -> assumeTrue(false, "there is no shared expression table")));
    }
    return table(folder);
  }

  private static Path shared() {
    Path tree = Path.of("").toAbsolutePath();
    while (tree.getParent() != null && !Files.exists(tree.resolve("bundle.bnd"))) {
      tree = tree.getParent();
    }
    Path beside = tree.resolveSibling("shared/data/cexl");
    Path above = tree.resolve("../../shared/data/cexl").normalize();
    return Files.exists(beside) ? beside : above;
  }

  private static Stream<DynamicTest> table(Path folder) throws IOException {
    Map<?, ?> sets = (Map<?, ?>) json(folder.resolve("attributes.json"));
    List<?> cases = (List<?>) json(folder.resolve("cases.json"));
    assertThat(cases).isNotEmpty();
    return cases.stream()
        .map(json -> new Case((Map<?, ?>) Objects.requireNonNull(json)))
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.toString(),
                    () -> run(each, Case.vocabulary(set(sets, each)))));
  }

  private static Map<?, ?> set(Map<?, ?> sets, Case each) {
    return (Map<?, ?>) Objects.requireNonNull(sets.get(each.attributeSet()));
  }

  private static void run(Case each, Vocabulary vocabulary) throws BadExpression {
    if (each.has("compileError")) {
      assertThatThrownBy(() -> Compiled.compile(each.expression(), vocabulary))
          .isInstanceOf(BadExpression.class);
      return;
    }
    Compiled compiled = Compiled.compile(each.expression(), vocabulary);
    assertThat(compiled.type()).isEqualTo(each.type());
    Recorder recorder = new Recorder(each.input());
    Object result = compiled.evaluate(recorder);
    if (each.has("evaluationError")) {
      assertThat(result).isInstanceOf(Failure.class);
    } else {
      assertThat(result).isEqualTo(each.result());
      assertThat(compiled.evaluate(each.input())).isEqualTo(each.result());
    }
    if (each.has("referenced")) {
      assertThat((Object) List.copyOf(recorder.referenced()).stream().sorted().toList())
          .isEqualTo(each.referenced().stream().sorted().toList());
    }
  }

  private static Object json(Path file) throws IOException {
    return Objects.requireNonNull(
        new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file)));
  }
}
