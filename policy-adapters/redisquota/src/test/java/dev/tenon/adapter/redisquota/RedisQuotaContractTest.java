package dev.tenon.adapter.redisquota;

import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.testkit.contract.QuotaAdapterContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

@Tag("system")
class RedisQuotaContractTest extends QuotaAdapterContract {
  private RedisServer redis;

  @BeforeEach
  void start() {
    redis = RedisServer.start();
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  @Override
  protected String plugin() {
    return "adapter-redisquota";
  }

  @Override
  protected AdapterFactory factory() {
    return new RedisQuota();
  }

  @Override
  protected String params(long amount, Duration window) {
    return "redisServerUrl: \"" + redis.address() + "\"\nquotas: [{name: requests, maxAmount: " + amount + ", validDuration: " + window.toMillis() + "ms}]";
  }
}
