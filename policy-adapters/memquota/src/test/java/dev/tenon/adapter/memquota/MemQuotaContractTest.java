package dev.tenon.adapter.memquota;

import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.testkit.contract.QuotaAdapterContract;
import java.time.Duration;

class MemQuotaContractTest extends QuotaAdapterContract {
  @Override
  protected String plugin() {
    return "adapter-memquota";
  }

  @Override
  protected AdapterFactory factory() {
    return new MemQuota();
  }

  @Override
  protected String params(long amount, Duration window) {
    return """
        quotas:
        - name: requests.instance.default
          maxAmount: %d
          validDuration: %dms
        """.formatted(amount, window.toMillis());
  }
}
