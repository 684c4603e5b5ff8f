package dev.tenon.mixer.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.mixer.check.StandardVocabulary;
import dev.tenon.mixer.evaluate.Compiled;
import dev.tenon.mixer.evaluate.Partly;
import dev.tenon.mixer.evaluate.Wording;
import dev.tenon.mixer.parse.BadExpression;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators read, taken apart and put together. */
class CounterKeyTest {
  @Test
  void aKeyIsTakenApartAsItWasPutTogether() {
    CounterKey key = CounterKey.of("requests.instance.default port=80 us\\=er=john\\ the\\\\1st\\=x");
    assertThat(key.instance()).isEqualTo("requests.instance.default");
    assertThat(key.dimensions()).isEqualTo(Map.of("port", "80", "us=er", "john the\\1st=x"));
    assertThat(CounterKey.of("requests.instance.default").dimensions()).isEmpty();
    assertThat(CounterKey.of("requests.instance.default (all others)").dimensions()).containsOnlyKeys("(all", "others)");
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {
    "destination.service.host.startsWith(\"reviews.default.svc.\"); true",
    "destination.service.name == \"ratings\"; false",
    "destination.service.name == \"ratings\" && request.method == \"GET\"; false",
    "destination.service.name == \"reviews\" && request.method == \"GET\"; true",
    "destination.service.name == \"ratings\" || request.method == \"GET\"; true",
    "destination.service.name == \"ratings\" || destination.service.name == \"details\"; false",
    "(destination.service.name | request.method) == \"ratings\"; true",
    "destination.labels[\"app\"] == \"ratings\"; true"
  })
  void aRuleIsForThoseServicesForWhichItMayHold(String match, boolean may) throws BadExpression {
    Partly partly = new Partly(ServiceAttributes.KNOWN, new ServiceAttributes("reviews.default.svc.cluster.local", "default"));
    assertThat(partly.mayHold(Compiled.compile(match, StandardVocabulary.STANDARD))).isEqualTo(may);
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "request.method == \"GET\" && (request.path.startsWith(\"/a\") || request.size > 3)",
    "(request.headers[\"x-user\"] | \"nobody\") != \"eve\"",
    "(request.method + \"x\" == \"GETx\") == true",
    "\"^/a\".matches(request.path)",
    "(request.host | \"\").startsWith(\"a\")",
    "toLower(request.host) == \"a\" && ip(\"10.0.0.1\") == source.ip",
    "match(request.path, \"/a*\") && (true || false)"
  })
  void whatIsWrittenOutMeansTheSame(String expression) throws BadExpression {
    Compiled once = Compiled.compile(expression, StandardVocabulary.STANDARD);
    assertThat(Compiled.compile(Wording.of(once.expression()), StandardVocabulary.STANDARD).expression()).isEqualTo(once.expression());
  }
}
