package dev.tenon.samples.countquota;

import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.testkit.contract.QuotaAdapterContract;
import java.time.Duration;

class CountQuotaTest extends QuotaAdapterContract {
  @Override
  protected String plugin() {
    return "countquota";
  }

  @Override
  protected AdapterFactory factory() {
    return new CountQuota();
  }

  @Override
  protected String params(long amount, Duration window) {
    return "amount: " + amount + "\nwindow: " + window.toMillis() + "ms";
  }
}
