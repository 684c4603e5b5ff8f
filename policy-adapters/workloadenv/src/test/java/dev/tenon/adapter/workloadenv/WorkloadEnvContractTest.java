package dev.tenon.adapter.workloadenv;

import dev.tenon.spi.model.Locality;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.testkit.contract.AttributeGeneratorContract;
import java.util.List;
import java.util.Map;

class WorkloadEnvContractTest extends AttributeGeneratorContract {
  @Override
  protected String plugin() {
    return "workloadenv";
  }

  @Override
  protected AdapterFactory factory() {
    return new WorkloadEnv();
  }

  @Override
  protected Workload known() {
    return new Workload("web", "shop", "", "10.0.0.7", Map.of("app", "web"), Locality.NONE, "web-account", List.of());
  }
}
