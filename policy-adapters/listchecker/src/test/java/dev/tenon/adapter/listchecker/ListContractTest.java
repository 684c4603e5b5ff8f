package dev.tenon.adapter.listchecker;

import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Template;
import dev.tenon.testkit.contract.PolicyAdapterContract;
import java.util.Map;

class ListContractTest extends PolicyAdapterContract {
  @Override
  protected String plugin() {
    return "listchecker";
  }

  @Override
  protected AdapterFactory factory() {
    return new ListChecker();
  }

  @Override
  protected String params() {
    return "overrides: [john]\ncachingInterval: 10s\ncachingUseCount: 5\nproviderUrl: file:///nowhere/list\nrefreshInterval: 5s\nttl: 1m";
  }

  @Override
  protected Template template() {
    return Template.LISTENTRY;
  }

  @Override
  protected Map<String, Object> allowedValues() {
    return Map.of("value", "john");
  }

  @Override
  protected Map<String, Object> deniedValues() {
    return Map.of("value", "mary");
  }
}
