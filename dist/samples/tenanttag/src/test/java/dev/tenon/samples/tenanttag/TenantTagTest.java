package dev.tenon.samples.tenanttag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.spi.traffic.RequestFilter;
import dev.tenon.spi.traffic.RequestFilterFactory;
import dev.tenon.spi.traffic.Step;
import dev.tenon.testkit.contract.GivenRequestHead;
import dev.tenon.testkit.contract.GivenResponseHead;
import dev.tenon.testkit.contract.RequestFilterContract;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TenantTagTest extends RequestFilterContract {
  @Override
  protected String plugin() {
    return "tenanttag";
  }

  @Override
  protected RequestFilterFactory factory() {
    return new TenantTag();
  }

  @Override
  protected String config() {
    return "header: x-key\ntenants: {k1: shop}";
  }

  @Test
  void aKeyBecomesItsTenantAndTheAnswerSaysWhose() {
    try (RequestFilter filter = factory().build(fields(config()))) {
      GivenRequestHead known = GivenRequestHead.of("GET", "/", Map.of("x-key", "k1"));
      assertThat(filter.onRequest(known)).isEqualTo(Step.CONTINUE);
      assertThat(known.header("x-tenant")).isEqualTo("shop");
      assertThat(known.header("x-key")).isNull();
      GivenResponseHead answer = GivenResponseHead.of(200, false, Map.of());
      filter.onResponse(known, answer);
      assertThat(answer.header("x-tenant")).isEqualTo("shop");
    }
  }

  @Test
  void whoBringsNoKnownKeyIsSentAway() {
    try (RequestFilter filter = factory().build(fields(config()))) {
      for (Map<String, String> headers : java.util.List.of(Map.<String, String>of(), Map.of("x-key", "k2"))) {
        assertThat(filter.onRequest(GivenRequestHead.of("GET", "/", headers)))
            .isInstanceOfSatisfying(Step.Answer.class, answer -> assertThat(answer.status()).isEqualTo(401));
      }
    }
  }
}
