package dev.tenon.adapter.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.testkit.contract.GivenRequest;
import dev.tenon.testkit.contract.PolicyAdapterContract;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApiKeyTest extends PolicyAdapterContract {
  /** Of the text {@code secret}. */
  private static final String HASH = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

  @Override
  protected String plugin() {
    return "apikey";
  }

  @Override
  protected AdapterFactory factory() {
    return new ApiKey();
  }

  @Override
  protected String params() {
    return "keys:\n- {name: shop, sha256: " + HASH + ", apis: [orders], expires: \"2100-01-01T00:00:00Z\"}";
  }

  @Override
  protected Template template() {
    return Template.APIKEY;
  }

  @Override
  protected Map<String, Object> allowedValues() {
    return Map.of("apiKey", "secret", "api", "orders");
  }

  @Override
  protected Map<String, Object> deniedValues() {
    return Map.of("apiKey", "guess", "api", "orders");
  }

  private String said(Instant now, Map<String, Object> values) {
    Verdict verdict =
        new ApiKey(InstantSource.fixed(now))
            .build(fields(params()))
            .check(new Instance("key.instance.default", Template.APIKEY, values, GivenRequest.of(Map.of())));
    return verdict instanceof Verdict.Deny deny ? deny.code() + ": " + deny.message() : "allowed";
  }

  @Test
  void saysWhatIsWrongWithAKeyAndNeverTheKey() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    assertThat(said(now, Map.of("apiKey", ""))).isEqualTo("UNAUTHENTICATED: an API key is needed");
    assertThat(said(now, Map.of("apiKey", "guess"))).isEqualTo("UNAUTHENTICATED: the API key is not known");
    assertThat(said(now, Map.of("apiKey", "secret", "api", "bills")))
        .isEqualTo("PERMISSION_DENIED: the API key of shop is not for bills");
    assertThat(said(Instant.parse("2100-01-01T00:00:00Z"), allowedValues())).isEqualTo("UNAUTHENTICATED: the API key has expired");
    assertThat(factory().build(fields(params())).toString()).doesNotContain("secret").doesNotContain(HASH);
  }

  @Test
  void takesHashesAlone() {
    Fields params = fields("keys:\n- {name: shop, sha256: secret}\n- {name: other, sha256: " + HASH + ", expires: soon}");
    factory().build(params).close();
    assertThat(params.close().toString())
        .contains("keys[0].sha256: should be 64 digits of hex")
        .contains("keys[1].expires: \"soon\" is no moment");
  }
}
