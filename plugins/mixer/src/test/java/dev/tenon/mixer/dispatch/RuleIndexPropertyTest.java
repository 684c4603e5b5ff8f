package dev.tenon.mixer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.mixer.accept.Accepted;
import dev.tenon.mixer.check.StandardVocabulary;
import dev.tenon.mixer.evaluate.Compiled;
import dev.tenon.mixer.evaluate.GivenAttributes;
import dev.tenon.mixer.parse.BadExpression;
import dev.tenon.spi.policy.Attributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RuleIndexPropertyTest {
  private static final List<String> TERMS =
      List.of(
          "request.path == \"/a\"",
          "\"/b\" == request.path",
          "request.path != \"/a\"",
          "(request.method | \"GET\") == \"GET\"",
          "request.method == \"PUT\"",
          "request.headers[\"x\"] == \"1\"",
          "request.headers[\"x\"] == \"\"",
          "destination.port == 80",
          "connection.mtls",
          "request.path.startsWith(\"/\")");

  @Property(tries = 200)
  void everyRuleThatMatchesIsACandidate(
      @ForAll("matches") List<String> matches, @ForAll("requests") Attributes request) {
    List<Accepted.Rule> rules = matches.stream().map(RuleIndexPropertyTest::rule).toList();
    long[] candidates = RuleIndex.of(rules).candidates(request);
    for (int i = 0; i < rules.size(); i++) {
      boolean matching = rules.get(i).match().isEmpty() || rules.get(i).match().get().matches(request);
      boolean candidate = (candidates[i / 64] >>> i & 1) == 1;
      assertThat(candidate || !matching).as("rule %s", matches.get(i)).isTrue();
    }
  }

  @Provide
  Arbitrary<List<String>> matches() {
    Arbitrary<String> and =
        Arbitraries.of(TERMS).list().ofMinSize(1).ofMaxSize(3).map(terms -> String.join(" && ", terms));
    Arbitrary<String> or =
        Arbitraries.of(TERMS).list().ofSize(2).map(terms -> String.join(" || ", terms));
    Arbitrary<String> both =
        Combinators.combine(or, or).as((one, other) -> "(" + one + ") && (" + other + ")");
    Arbitrary<String> nested =
        Combinators.combine(and, both).as((one, other) -> one + " || " + other);
    return Arbitraries.oneOf(and, or, both, nested, Arbitraries.just("")).list().ofMinSize(1).ofMaxSize(140);
  }

  @Provide
  Arbitrary<Attributes> requests() {
    Arbitrary<Optional<Object>> path = Arbitraries.<Object>of("/a", "/b", "/c").optional();
    Arbitrary<Optional<Object>> method = Arbitraries.<Object>of("GET", "PUT").optional();
    Arbitrary<Optional<Object>> headers =
        Arbitraries.<Object>of(Map.of(), Map.of("x", "1"), Map.of("x", "2")).optional();
    Arbitrary<Optional<Object>> port = Arbitraries.<Object>of(80L, 81L).optional();
    return Combinators.combine(path, method, headers, port).as(RuleIndexPropertyTest::request);
  }

  private static Attributes request(
      Optional<Object> path, Optional<Object> method, Optional<Object> headers, Optional<Object> port) {
    Map<String, Object> values = new HashMap<>();
    path.ifPresent(value -> values.put("request.path", value));
    method.ifPresent(value -> values.put("request.method", value));
    headers.ifPresent(value -> values.put("request.headers", value));
    port.ifPresent(value -> values.put("destination.port", value));
    return new GivenAttributes(values);
  }

  private static Accepted.Rule rule(String match) {
    try {
      Optional<Compiled> compiled =
          match.isEmpty()
              ? Optional.empty()
              : Optional.of(Compiled.compile(match, StandardVocabulary.STANDARD));
      return new Accepted.Rule("rule.default", compiled, false, false, List.of(), new Accepted.Headers(List.of(), List.of()));
    } catch (BadExpression e) {
      throw new IllegalArgumentException(match, e);
    }
  }
}
