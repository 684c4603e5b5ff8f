package dev.tenon.mixer.cel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.mixer.evaluate.Trials;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.Expressions.Answer;
import dev.tenon.spi.policy.Expressions.Fault;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions that begin with {@code cel:}. */
class CelTest {
  private static final Map<String, Object> REQUEST =
      Map.of(
          "request.path", "/reviews/7",
          "request.method", "GET",
          "request.headers", Map.of("end-user", "jason", "x-size", "12"),
          "source.labels", Map.of("app", "productpage"),
          "source.ip", InetAddress.ofLiteral("10.1.2.3"),
          "destination.port", 9080L,
          "connection.mtls", true,
          "request.time", Instant.parse("2026-11-23T13:00:00Z"));

  private static Answer evaluate(String expression) {
    return new Trials().evaluate(expression, Map.of(), new Given());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      cel: request.path.startsWith("/reviews")                           | BOOL   | true
      cel: request.headers["end-user"] == "jason" && !(1 > 2)            | BOOL   | true
      cel: "cookie" in request.headers                                   | BOOL   | false
      cel: !has(request.headers.cookie) && !has(request.host)            | BOOL   | true
      cel: has(source.ip) && source.ip.startsWith("10.")                 | BOOL   | true
      cel: request.method in ["GET", "HEAD"]                             | BOOL   | true
      cel: request.path.matches("^/reviews/[0-9]+$")                     | BOOL   | true
      cel: has(request.host) ? request.host : "nobody"                   | STRING | nobody
      cel: destination.port + 1                                          | INT64  | 9081
      cel: int(request.headers["x-size"]) * 2                            | INT64  | 24
      cel: double(destination.port) / 2.0                                | DOUBLE | 4540.0
      cel: request.headers.exists(h, h.startsWith("x-"))                 | BOOL   | true
      cel: request.time + duration("60s") > timestamp("2026-11-23T13:00:59Z") | BOOL | true
      """)
  void theLanguageIsCel(String expression, String type, String value) {
    Answer answer = evaluate(expression);
    assertThat(answer.reason()).isEmpty();
    assertThat(answer.type()).isEqualTo(type);
    assertThat(answer.value()).hasToString(value);
  }

  @Test
  void timesAreThoseOfMixersLanguage() {
    assertThat(evaluate("cel: request.time").value()).isEqualTo(Instant.parse("2026-11-23T13:00:00Z"));
    assertThat(evaluate("cel: duration('90s')").value()).isEqualTo(Duration.ofSeconds(90));
    assertThat(evaluate("cel: {'a': request.path}").value()).isEqualTo(Map.of("a", "/reviews/7"));
  }

  @Test
  void whatWasReadIsKnownByEntryAndByAbsence() {
    assertThat(evaluate("cel: request.headers['end-user'] == 'jason' || request.path == '/'").referenced())
        .containsExactly("request.headers", "request.headers[end-user]");
    assertThat(evaluate("cel: 'cookie' in request.headers").referenced()).containsExactly("request.headers", "-request.headers[cookie]");
    assertThat(evaluate("cel: has(request.host)").referenced()).containsExactly("-request.host");
  }

  @Test
  void whatIsAbsentGivesNoValue() {
    Answer answer = evaluate("cel: request.host == 'a'");
    assertThat(answer.fault()).isEqualTo(Fault.EVALUATION);
    assertThat(answer.reason()).contains("request.host");
    assertThat(evaluate("cel: request.headers['cookie'] == ''").fault()).isEqualTo(Fault.EVALUATION);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      cel: request.pth == "a"                  | 6  | undeclared reference to 'request'
      cel: request.path == 3                   | 19 | found no matching overload
      cel: request.path ==                     | 21 | mismatched input
      cel: [1, 2]                              | 5  | gives list
      cel: response.code == 200                | 6  | undeclared reference
      cel: java.lang.System.exit(1)            | 6  | undeclared reference
      cel: request.path.matches("(")           | 0  |
      """)
  void whatIsWrongIsSaidWithItsPlace(String expression, int least, @Nullable String message) {
    Answer answer = evaluate(expression);
    if (message == null) {
      assertThat(answer.fault()).as("a pattern is looked at when it is used").isEqualTo(Fault.EVALUATION);
      return;
    }
    assertThat(answer.fault()).isEqualTo(Fault.COMPILE);
    assertThat(answer.reason()).contains(message);
    assertThat(Integer.parseInt(answer.reason().substring(0, answer.reason().indexOf(':')))).as(answer.reason()).isGreaterThanOrEqualTo(least - 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cel: [1,2,3,4,5,6,7,8,9,10].all(a, [1,2,3,4,5,6,7,8,9,10].all(b, [1,2,3,4,5,6,7,8,9,10].all(c, [1,2,3,4,5,6,7,8,9,10].all(d, a+b+c+d > 0))))",
        "cel: 1 / 0 == 1",
        "cel: int(request.path) == 1",
      })
  void itsCostIsBoundedAndItsErrorsAreNoValue(String expression) {
    assertThat(evaluate(expression).fault()).isEqualTo(Fault.EVALUATION);
  }

  @Test
  void whatIsTooLongOrTooDeepIsRefused() {
    assertThat(evaluate("cel: " + "(".repeat(100) + "1" + ")".repeat(100) + " == 1").fault()).isEqualTo(Fault.COMPILE);
    assertThat(evaluate("cel: '" + "a".repeat(9000) + "' == ''").fault()).isEqualTo(Fault.COMPILE);
  }

  @Test
  void unmarkedExpressionsAreMixersLanguage() {
    assertThat(evaluate("request.path | \"x\"").value()).isEqualTo("/reviews/7");
    assertThat(evaluate("has(request.path)").fault()).isEqualTo(Fault.COMPILE);
  }

  /** A request. */
  private static final class Given implements Attributes {
    @Override
    public @Nullable Object get(String attribute) {
      return REQUEST.get(attribute);
    }

    @Override
    public @Nullable String entry(String attribute, String key) {
      return REQUEST.get(attribute) instanceof Map<?, ?> map && map.get(key) instanceof String text ? text : null;
    }

    @Override
    public Attributes snapshot() {
      return this;
    }
  }
}
