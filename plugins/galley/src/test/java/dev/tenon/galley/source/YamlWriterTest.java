package dev.tenon.galley.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.kernel.boot.YamlText;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import java.util.LinkedHashMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is written reads as it was. */
class YamlWriterTest {
  private static final Position AT = new Position("tree", 1, 1);

  @Property(tries = 200)
  void whatIsWrittenReadsAsItWas(@ForAll("trees") Node tree) {
    String yaml = YamlWriter.write(tree);
    assertThat(new YamlText().parse("f", yaml)).as(yaml).containsExactly(tree);
  }

  @Example
  void isPleasantToRead() {
    String yaml = "a:\n  - b: 1\n    c: \"*\"\n  - - x\n    - \"true\"\nempty: {}\nnone: []\ntext: \"a b\"\n";
    assertThat(YamlWriter.write(new YamlText().parse("f", yaml).getFirst())).isEqualTo(yaml);
  }

  @Provide
  Arbitrary<Node> trees() {
    return Arbitraries.maps(texts(), tree(3)).ofMinSize(1).ofMaxSize(4).map(each -> new Node.Mapping(new LinkedHashMap<>(each), AT));
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.of("", "~", "null", "true", "No", "1", "0x1f", "1e3", ".inf", "- a", "a: b", "# c", "é", "a\nb", "\t", " a ", "'", "\"", "\\", "---", "...", "\u0085", "\u2028", "\uFEFF", "\u0000", "😀", "&a", "*a", "!x", "%d", "@a", "`a", "=", "<<", "?", "a".repeat(2000)),
        Arbitraries.strings().ascii().ofMaxLength(12));
  }

  private static Arbitrary<Node> tree(int depth) {
    Arbitrary<Node> scalars =
        Arbitraries.oneOf(
            texts().map(text -> new Node.Text(text, AT)),
            Arbitraries.doubles().map(number -> new Node.Numeric(number, AT)),
            Arbitraries.of(0.0, -0.0, 1e300, 9.007199254740991E15, Double.NaN, Double.NEGATIVE_INFINITY).map(number -> new Node.Numeric(number, AT)),
            Arbitraries.of(true, false).map(truth -> new Node.Truth(truth, AT)),
            Arbitraries.just(new Node.Null(AT)));
    if (depth == 0) {
      return scalars;
    }
    Arbitrary<Node> inner = Arbitraries.lazy(() -> tree(depth - 1));
    return Arbitraries.oneOf(
        scalars,
        inner.list().ofMaxSize(3).map(items -> new Node.Items(items, AT)),
        Arbitraries.maps(texts(), inner).ofMaxSize(3).map(each -> new Node.Mapping(new LinkedHashMap<>(each), AT)));
  }
}
