package dev.tenon.mixer.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.mixer.Yaml;
import dev.tenon.spi.policy.QuotaAdapter.Spending;
import dev.tenon.spi.policy.Quotas;
import dev.tenon.spi.rules.RuleSet;
import dev.tenon.wire.admin.v1.QuotaResetRequest;
import dev.tenon.wire.admin.v1.QuotaTopRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Counters shown and forgotten by the rules that charge them. */
class QuotaDeskTest {
  private static final String POLICY =
      """
      kind: handler
      metadata: {name: limit}
      spec: {compiledAdapter: memquota, params: {quotas: [{name: requests, maxAmount: 2, validDuration: 10s}]}}
      ---
      kind: instance
      metadata: {name: requests}
      spec: {compiledTemplate: quota, params: {dimensions: {user: 'request.headers["x-user"] | "nobody"'}}}
      ---
      kind: rule
      metadata: {name: few}
      spec: {actions: [{handler: limit, instances: [requests]}]}
      """;

  /** One counter, as the adapter keeps it. */
  private static final class One implements Quotas {
    private static final String KEY = "requests.instance.default user=ann";
    private final List<String> forgotten = new ArrayList<>();

    @Override
    public Top top(int most, Predicate<String> wanted) {
      Spending spending = new Spending(KEY, 2, 2, Duration.ofSeconds(7));
      return new Top(wanted.test("limit.default") ? List.of(new Counted("limit.default", spending)) : List.of(), 1, List.of());
    }

    @Override
    public boolean reset(String handler, String key) {
      return forgotten.add(handler + " " + key);
    }
  }

  @Test
  void aRuleOfIstiosFormFindsItsCounters() {
    InForce inForce = new InForce(List::of);
    inForce.rules(new RuleSet(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of("default", Yaml.policy(POLICY)), Map.of()));
    One counters = new One();
    QuotaDesk desk = new QuotaDesk(inForce, counters);
    assertThat(desk.top(QuotaTopRequest.getDefaultInstance()).getCounters(0).getRulesList()).containsExactly("few.default");
    assertThat(desk.reset(QuotaResetRequest.newBuilder().setRule("few.default").build()).getCounters()).isEqualTo(1);
    assertThat(counters.forgotten).containsExactly("limit.default " + One.KEY);
  }
}
