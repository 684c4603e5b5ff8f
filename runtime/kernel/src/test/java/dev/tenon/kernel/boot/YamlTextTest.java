package dev.tenon.kernel.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTextTest {
  private static final YamlText yaml = new YamlText();

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
    "a: [1, 2               | f.yaml:1:9",
    "a: 1\\n  b: 2          | f.yaml:2:4",
    "a: 1\\nb: 2\\na: 3     | f.yaml:3:1",
    "a: &x 1\\nb: *x        | f.yaml:2:4",
    "a: !!java/lang.Thread x | f.yaml:1:4",
    "a: !mine {b: 1}        | f.yaml:1:4",
    "a: !!int x             | f.yaml:1:4",
    "a:\\n\\tb: 1           | f.yaml:2:1",
    "ok: 1\\nbad: \\1       | f.yaml:2:6",
    "? [a, b]\\n: 1         | f.yaml:1:3",
  })
  void badTextIsRefusedWithItsPlace(String text, String place) {
    BadConfig bad = catchThrowableOfType(BadConfig.class, () -> yaml.parse("f.yaml", text.translateEscapes()));
    assertThat(bad).isNotNull();
    assertThat(bad.findings().getFirst().at()).hasToString(place);
  }

  @Test
  void scalarsMeanWhatTheCoreSchemaSays() {
    Node.Mapping map = (Node.Mapping) yaml.parse("f", """
        yes: yes
        truth: True
        whole: -12
        octal: 0o17
        hex: 0xFF
        float: 1e3
        version: "1.10"
        address: 127.0.0.1:80
        empty:
        tilde: ~
        text: !!str 12
        date: 2026-11-23
        """).getFirst();
    Position at = Position.of("f");
    assertThat(map.entries().values()).containsExactly(
        new Node.Text("yes", at), new Node.Truth(true, at), new Node.Numeric(-12, at), new Node.Numeric(15, at),
        new Node.Numeric(255, at), new Node.Numeric(1000, at), new Node.Text("1.10", at), new Node.Text("127.0.0.1:80", at),
        new Node.Null(at), new Node.Null(at), new Node.Text("12", at), new Node.Text("2026-11-23", at));
  }

  @Test
  void documentsComeInOrderAndEmptyOnesAreLeftOut() {
    List<Node> documents = yaml.parse("f", "---\na: 1\n---\n---\n# nothing\n---\nb: [x]\n");
    assertThat(documents).hasSize(2);
    assertThat(documents.get(1).at()).hasToString("f:7:1");
  }

  @Test
  void everyDoubleKeyIsFoundAtOnce() {
    BadConfig bad = catchThrowableOfType(BadConfig.class, () -> yaml.parse("f", "a: 1\na: 2\nb: {c: 1, c: 2}\n"));
    assertThat(bad.findings()).extracting(each -> each.at().toString()).containsExactly("f:2:1", "f:3:11");
  }

  @Test
  void depthAndLengthAreBounded() {
    assertThat(catchThrowableOfType(BadConfig.class, () -> yaml.parse("f", "[".repeat(65) + "]".repeat(65)))).hasMessageContaining("deeper than 64");
    assertThat(catchThrowableOfType(BadConfig.class, () -> yaml.parse("f", "x".repeat(5 << 20)))).hasMessageContaining("at most 4194304");
  }

  @Test
  void jsonIsYaml() {
    assertThat(yaml.parse("f", "{\"a\": [1, true, null, \"x\"]}")).hasSize(1);
  }
}
