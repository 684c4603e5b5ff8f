package dev.tenon.adapter.denier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.testkit.PluginJar;
import dev.tenon.testkit.Unloading;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DenierTest {
  private static final Position AT = new Position("handler.yaml", 1, 1);

  @Test
  void deniesWithTheStatusThatItWasGiven() {
    Fields params =
        params(Map.of("status", mapping(Map.of("code", number(7), "message", text("Not allowed")))));
    assertThat(judge(params))
        .isEqualTo(
            new Verdict.Deny(
                Verdict.Code.PERMISSION_DENIED,
                "Not allowed",
                new Verdict.Validity(Duration.ofSeconds(5), 1000)));
    assertThat(params.close()).isEmpty();
  }

  @Test
  void deniesAsAFailedPreconditionUnlessTold() {
    assertThat(judge(params(Map.of())))
        .isInstanceOfSatisfying(
            Verdict.Deny.class,
            deny -> assertThat(deny.code()).isEqualTo(Verdict.Code.FAILED_PRECONDITION));
  }

  @Test
  void refusesACodeThatDeniesNobody() {
    Fields params = params(Map.of("status", mapping(Map.of("code", number(0)))));
    judge(params);
    assertThat(params.close()).singleElement().asString().contains("status.code: 0 denies nobody");
  }

  @Test
  void saysHowLongItsVerdictHolds() {
    Fields params = params(Map.of("validDuration", text("1m"), "validUseCount", number(3)));
    assertThat(judge(params))
        .isInstanceOfSatisfying(
            Verdict.Deny.class,
            deny ->
                assertThat(deny.validity())
                    .isEqualTo(new Verdict.Validity(Duration.ofMinutes(1), 3)));
  }

  @Test
  void itsJarIsTakenCountsAndLeavesNothing(@TempDir Path folder) throws Exception {
    Unloading.assertUnloads(
        PluginJar.of(Path.of("target/classes")).write(folder.resolve("denier-1.0.jar")),
        List.of(),
        kernel -> {
          try (Adapter adapter = kernel.offered(AdapterFactory.class).getFirst().build(params(Map.of()))) {
            assertThat(adapter.figures().toString()).contains("denier_adapter_denials_total").contains("value=0.0");
          }
        });
  }

  private static Verdict judge(Fields params) {
    return new Denier()
        .build(params)
        .check(new Instance("any.instance.default", Template.CHECKNOTHING, Map.of(), new Nothing()));
  }

  private static Fields params(Map<String, Node> entries) {
    return Fields.of(mapping(entries));
  }

  private static Node.Mapping mapping(Map<String, Node> entries) {
    return new Node.Mapping(new LinkedHashMap<>(entries), AT);
  }

  private static Node number(double value) {
    return new Node.Numeric(value, AT);
  }

  private static Node text(String value) {
    return new Node.Text(value, AT);
  }

  private static final class Nothing implements Attributes {
    @Override
    public @Nullable Object get(String attribute) {
      return null;
    }

    @Override
    public @Nullable String entry(String attribute, String key) {
      return null;
    }

    @Override
    public Attributes snapshot() {
      return this;
    }
  }
}
