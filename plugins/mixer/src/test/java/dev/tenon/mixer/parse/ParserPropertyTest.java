package dev.tenon.mixer.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ParserPropertyTest {
  @Property(tries = 500)
  void anyTextIsAnExpressionOrRefusedWithAPlaceInIt(@ForAll("texts") String text) {
    try {
      Parser.parse(text);
    } catch (BadExpression e) {
      assertThat(e.offset()).isBetween(0, text.length());
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> words =
        Arbitraries.of(
            List.of(
                "a", "b.c", "\"x\"", "1", "2.5", "true", "(", ")", "[", "]", ",", ".", "==", "&&",
                "||", "|", "+", "<", "\\", "'", "`", "-", "startsWith", " ", "\n", "\"", "/*"));
    return words.list().ofMaxSize(30).map(all -> String.join("", all));
  }

  @Example
  void expressionsOfAnyDepthTakeBoundedStack() {
    for (String deep :
        List.of(
            "(".repeat(4000) + "a" + ")".repeat(4000),
            "a" + "[a".repeat(2000) + "]".repeat(2000),
            "a" + "[a]".repeat(2000),
            "f(".repeat(2000) + ")".repeat(2000),
            "(a)" + ".f()".repeat(2000),
            "a" + " + a | a".repeat(900),
            "a" + "==a".repeat(2000))) {
      assertThat(refusal(deep)).contains("nested deeper than 64");
    }
  }

  @Example
  void chainsOfOneOperatorMayBeLong() throws BadExpression {
    for (String operator : List.of(" && ", " || ", " | ", " + ")) {
      Expression chain = Parser.parse(String.join(operator, Collections.nCopies(1000, "a")));
      assertThat(((Expression.Operation) chain).operands()).hasSize(1000);
    }
  }

  @Example
  void anExpressionHasABoundedLength() {
    assertThat(refusal("a".repeat(8193))).contains("the most is 8192");
  }

  private static String refusal(String text) {
    try {
      Parser.parse(text);
      return "accepted";
    } catch (BadExpression e) {
      return String.valueOf(e.getMessage());
    }
  }
}
