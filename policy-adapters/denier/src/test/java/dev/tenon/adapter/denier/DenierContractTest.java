package dev.tenon.adapter.denier;

import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.testkit.contract.PolicyAdapterContract;

class DenierContractTest extends PolicyAdapterContract {
  @Override
  protected String plugin() {
    return "denier";
  }

  @Override
  protected AdapterFactory factory() {
    return new Denier();
  }

  @Override
  protected String params() {
    return "status: {code: 7, message: Not allowed}\nvalidDuration: 5s\nvalidUseCount: 1000";
  }

  @Override
  protected boolean deniesEverything() {
    return true;
  }
}
