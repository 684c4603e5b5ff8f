package dev.tenon.adapter.workloadenv;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.Adapter;
import java.util.List;

/** {@link WorkloadEnv} by its name in Mixer: handlers of {@code kubernetesenv} need not be written anew. */
public final class KubernetesEnv extends WorkloadEnv {
  @Override
  public String name() {
    return "kubernetesenv";
  }

  @Override
  public Adapter build(Fields params) {
    for (String field :
        List.of(
            "kubeconfigPath", "kubeconfig_path", "cacheRefreshDuration", "cache_refresh_duration",
            "clusterRegistriesNamespace", "cluster_registries_namespace")) {
      if (params.has(field)) {
        params.node(field);
        params.warn(field, "is without effect: the mesh's registries say who lives where", "TEN0004");
      }
    }
    return super.build(params);
  }
}
