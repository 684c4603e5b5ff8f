package dev.tenon.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.cli.client.Refused;
import dev.tenon.kernel.boot.YamlText;
import dev.tenon.spi.policy.Expressions;
import dev.tenon.spi.policy.Expressions.Answer;
import dev.tenon.spi.policy.Expressions.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrialTest {
  private static final Answer TWENTY =
      new Answer("DURATION", Duration.ofMillis(20), List.of("a", "-m[k]"), Fault.NONE, "");

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "{expression: x, type: DURATION, result: {duration: 20ms}, referenced: ['-m[k]', a]} | []",
    "{expression: x, type: INT64} | [type]",
    "{expression: x, result: {duration: 21ms}} | [result]",
    "{expression: x, result: 20ms} | [result]",
    "{expression: x, referenced: [a]} | [referenced]",
    "{expression: x, compileError: what, type: INT64, result: true} | [errorClass]",
    "{expression: x, evaluationError: what, type: DURATION} | [errorClass]"
  })
  void saysWhatDiffers(String expected, String differs) {
    assertThat(trial(expected).compare(giving(TWENTY)).get("differs")).hasToString(differs);
  }

  @Test
  void anErrorIsOneOfItsClassWhateverItsText() {
    Expressions failing = giving(new Answer("BOOL", null, List.of(), Fault.EVALUATION, "other words"));
    Map<String, Object> row = trial("{expression: x, evaluationError: some words, type: BOOL}").compare(failing);
    assertThat(row).containsEntry("errorClass", "evaluationError").containsEntry("differs", List.of());
  }

  @Test
  void writesValuesAsItReadsThem() {
    for (String text : List.of("1h2m3.5s", "20ms", "1.5µs", "0s", "-2s")) {
      assertThat(Written.form(Written.value(parse("{duration: '" + text + "'}")))).isEqualTo(Map.of("duration", text));
    }
    for (String text : List.of("{int64: '5'}", "{double: '2.5'}", "{ip: 1.2.3.4}", "{map_string: {a: b}}", "{timestamp: 2015-01-02T15:04:35Z}")) {
      assertThat(Written.value(parse(text))).isEqualTo(Written.value(parse(text)));
      assertThat(Written.form(Written.value(parse(text))).toString()).isEqualTo(text.replace(": ", "=").replace("'", ""));
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "{type: BOOL} | case.yaml:1:1: a case is a mapping with an expression",
    "{expression: x, attributes: none} | there is no set named none",
    "{expression: x, input: {a: {int64: much}}} | \"much\" is no int64",
    "{expression: x, input: {a: [1]}} | is no value"
  })
  void refusesABadCaseAndSaysWhere(String text, String reason) {
    assertThatThrownBy(() -> trial(text)).isInstanceOf(Refused.class).hasMessageContaining(reason);
  }

  private static Trial trial(String text) {
    return Trial.read(parse(text), Map.of());
  }

  private static dev.tenon.spi.config.Node parse(String text) {
    return new YamlText().parse("case.yaml", text).getFirst();
  }

  private static Expressions giving(Answer answer) {
    return (expression, vocabulary, attributes) -> answer;
  }
}
