package dev.tenon.mixer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.mixer.accept.Accepted;
import dev.tenon.mixer.check.StandardVocabulary;
import dev.tenon.mixer.evaluate.Compiled;
import dev.tenon.mixer.parse.BadExpression;
import dev.tenon.spi.policy.Attributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many matches are evaluated for a request, and how much is read of it to find them. */
class RuleIndexTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "request.host == \"%s\"",
        "\"%s\" == request.host && request.method == \"GET\"",
        "request.method == \"GET\" && request.headers[\"x-user\"] == \"ann\" && request.host == \"%s\"",
        "request.method == \"GET\" && (request.host == \"%1$s\" || request.host == \"other-%1$s\")",
        "(request.host == \"%s\" && request.method == \"GET\") || (request.method == \"PUT\" && request.host == \"never\")",
        "(request.host | \"none\") == \"%s\" && request.path.startsWith(\"/a\")",
      })
  void aThousandRulesOnDistinctHostsCostAsOne(String match) {
    RuleIndex one = RuleIndex.of(List.of(rule(match.formatted("host-7"))));
    RuleIndex thousand = RuleIndex.of(IntStream.range(0, 1_000).mapToObj(i -> rule(match.formatted("host-" + i))).toList());
    Read alone = new Read("host-7");
    Read among = new Read("host-7");
    assertThat(candidates(one, alone)).containsExactly(0);
    assertThat(candidates(thousand, among)).containsExactly(7);
    assertThat(among.times).as("read of the request").isEqualTo(alone.times).isEqualTo(1);
    assertThat(candidates(thousand, new Read("host-1001"))).isEmpty();
  }

  @Test
  void aRuleForSeveralHostsIsFoundByEach() {
    RuleIndex index = RuleIndex.of(List.of(rule("request.host == \"a\" || request.host == \"b\" || request.host == \"c\""), rule("request.host == \"b\"")));
    assertThat(candidates(index, new Read("a"))).containsExactly(0);
    assertThat(candidates(index, new Read("b"))).containsExactly(0, 1);
    assertThat(candidates(index, new Read("d"))).isEmpty();
  }

  @Test
  void whatMoreRulesShareIsEvaluatedForAllOfThem() {
    List<Accepted.Rule> rules = IntStream.range(0, 100)
        .mapToObj(i -> rule("request.headers[\"x-%d\"] == \"1\" && destination.service.name == \"reviews\"".formatted(i)))
        .toList();
    Read request = new Read("a");
    assertThat(candidates(RuleIndex.of(rules), request)).isEmpty();
    assertThat(request.times).isEqualTo(1);
  }

  @Test
  void aRuleThatContradictsItselfIsNeverLookedAt() {
    RuleIndex index = RuleIndex.of(List.of(rule("request.host == \"a\" && request.host == \"b\"")));
    assertThat(candidates(index, new Read("a"))).isEmpty();
  }

  private static List<Integer> candidates(RuleIndex index, Attributes request) {
    long[] bits = index.candidates(request);
    return IntStream.range(0, bits.length * 64).filter(i -> (bits[i / 64] >>> i & 1) == 1).boxed().toList();
  }

  private static Accepted.Rule rule(String match) {
    try {
      return new Accepted.Rule(
          "rule.default", Optional.of(Compiled.compile(match, StandardVocabulary.STANDARD)), false, false, List.of(), Accepted.Headers.NONE);
    } catch (BadExpression e) {
      throw new IllegalArgumentException(match, e);
    }
  }

  /** A request to a host, which counts how often anything of it is read. */
  private static final class Read implements Attributes {
    private final Map<String, Object> values;
    private int times;

    Read(String host) {
      values = Map.of("request.host", host, "request.method", "GET", "request.path", "/a", "request.headers", Map.of("x-user", "ann"));
    }

    @Override
    public @Nullable Object get(String attribute) {
      times++;
      return values.get(attribute);
    }

    @Override
    public @Nullable String entry(String attribute, String key) {
      times++;
      return values.get(attribute) instanceof Map<?, ?> map ? (String) map.get(key) : null;
    }

    @Override
    public Attributes snapshot() {
      return this;
    }
  }
}
