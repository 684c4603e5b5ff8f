package dev.tenon.adapter.remote;

import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.testkit.contract.QuotaAdapterContract;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class RemoteQuotaTest extends QuotaAdapterContract {
  private OtherProcess process;

  @BeforeEach
  void start() throws IOException {
    process = new OtherProcess();
  }

  @AfterEach
  void stop() {
    process.close();
  }

  @Override
  protected String plugin() {
    return "tenon-adapter-remote";
  }

  @Override
  protected AdapterFactory factory() {
    return new Remote();
  }

  @Override
  protected String params(long amount, Duration window) {
    return "address: 127.0.0.1:" + process.port() + "\ndeadline: 5s\nconfig: {amount: " + amount + ", window: " + window.toMillis() + "}";
  }
}
