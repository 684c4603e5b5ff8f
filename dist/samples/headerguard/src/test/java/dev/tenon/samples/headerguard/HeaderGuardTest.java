package dev.tenon.samples.headerguard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.testkit.contract.GivenRequest;
import dev.tenon.testkit.contract.PolicyAdapterContract;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeaderGuardTest extends PolicyAdapterContract {
  @Override
  protected String plugin() {
    return "headerguard";
  }

  @Override
  protected AdapterFactory factory() {
    return new HeaderGuard();
  }

  @Override
  protected String params() {
    return "header: X-Block";
  }

  @Override
  protected GivenRequest allowed() {
    return GivenRequest.withHeaders(Map.of("x-other", "yes"));
  }

  @Override
  protected GivenRequest denied() {
    return GivenRequest.withHeaders(Map.of("x-block", "yes"));
  }

  @Test
  void needsToKnowWhichHeader() {
    Fields nothing = Fields.of(Node.Mapping.empty(Position.of("handler.yaml")));
    factory().build(nothing);
    assertThat(nothing.close()).singleElement().asString().contains("header: is required");
  }
}
