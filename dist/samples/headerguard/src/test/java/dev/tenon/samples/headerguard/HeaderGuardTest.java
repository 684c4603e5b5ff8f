package dev.tenon.samples.headerguard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HeaderGuardTest {
  private static final Position AT = new Position("handler.yaml", 1, 1);
  private final Fields params =
      Fields.of(
          new Node.Mapping(new LinkedHashMap<>(Map.of("header", new Node.Text("X-Block", AT))), AT));

  @Test
  void deniesRequestsThatCarryTheHeader() {
    assertThat(judge(Map.of("x-block", "yes"))).isInstanceOf(Verdict.Deny.class);
    assertThat(judge(Map.of("x-other", "yes"))).isEqualTo(Verdict.ALLOW);
    assertThat(params.close()).isEmpty();
  }

  @Test
  void needsToKnowWhichHeader() {
    Fields nothing = Fields.of(Node.Mapping.empty(AT));
    new HeaderGuard().build(nothing);
    assertThat(nothing.close()).singleElement().asString().contains("header: is required");
  }

  @Test
  void isFoundByItsServiceFile() {
    assertThat(ServiceLoader.load(AdapterFactory.class))
        .singleElement()
        .isInstanceOf(HeaderGuard.class);
  }

  private Verdict judge(Map<String, String> headers) {
    return new HeaderGuard()
        .build(params)
        .check(
            new Instance(
                "any.instance.default", Template.CHECKNOTHING, Map.of(), new Headers(headers)));
  }

  private record Headers(Map<String, String> headers) implements Attributes {
    @Override
    public @Nullable Object get(String attribute) {
      return attribute.equals("request.headers") ? headers : null;
    }

    @Override
    public @Nullable String entry(String attribute, String key) {
      return attribute.equals("request.headers") ? headers.get(key) : null;
    }

    @Override
    public Attributes snapshot() {
      return this;
    }
  }
}
