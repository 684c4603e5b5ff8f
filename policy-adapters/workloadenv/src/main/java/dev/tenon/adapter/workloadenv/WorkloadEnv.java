package dev.tenon.adapter.workloadenv;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.AttributeGenerator;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import dev.tenon.spi.telemetry.MetricSnapshot.Kind;
import dev.tenon.spi.telemetry.MetricSnapshot.Sample;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * What Mixer's {@code kubernetesenv} said of callers and called, from the mesh's catalog, of whatever
 * registry: an address is looked up in what the request works by, and nobody is asked. No parameters.
 */
public class WorkloadEnv implements AdapterFactory {
  @Override
  public String name() {
    return "workloadenv";
  }

  @Override
  public Set<Template> templates() {
    return Set.of(Template.KUBERNETES);
  }

  @Override
  public boolean nonBlocking() {
    return true;
  }

  @Override
  public Adapter build(Fields params) {
    return new Looking(new LongAdder(), new LongAdder());
  }

  /**
   * One handler.
   *
   * @param known addresses that somebody lives at
   * @param unknown addresses that nobody is known to live at
   */
  private record Looking(LongAdder known, LongAdder unknown) implements AttributeGenerator {
    @Override
    public Map<String, Object> generate(Instance instance) {
      Map<String, Object> outputs = new HashMap<>();
      side(instance, "source_", "source.ip", outputs);
      side(instance, "destination_", "destination.ip", outputs);
      return outputs;
    }

    private void side(Instance instance, String side, String attribute, Map<String, Object> outputs) {
      Object given = instance.values().get(side + "ip");
      // Mixer's own instance gives no address of the called side: there it is the request's.
      Object address = given == null ? instance.attributes().get(attribute) : given;
      if (!(address instanceof InetAddress ip)) {
        return;
      }
      Workload workload = instance.attributes().workload(ip);
      if (workload == null) {
        unknown.increment();
      } else {
        known.increment();
        describe(workload, side, ip, outputs);
      }
    }

    @Override
    public List<Family> figures() {
      return List.of(
          new Family(
              "workloadenv_adapter_lookups_total",
              Kind.COUNTER,
              List.of(
                  Sample.of(Map.of("address", "known"), (double) known.sum()),
                  Sample.of(Map.of("address", "unknown"), (double) unknown.sum()))));
    }
  }

  private static void describe(Workload workload, String side, InetAddress ip, Map<String, Object> outputs) {
    String name = workload.name();
    String namespace = workload.namespace();
    outputs.put(side + "pod_uid", "kubernetes://" + name + "." + namespace);
    outputs.put(side + "pod_name", name);
    outputs.put(side + "pod_ip", ip);
    outputs.put(side + "namespace", namespace);
    outputs.put(side + "labels", workload.labels());
    outputs.put(side + "service_account_name", workload.serviceAccount());
    String host = workload.belonging().host();
    outputs.put(side + "host_ip", host.isEmpty() ? ip : InetAddress.ofLiteral(host));
    // As in Mixer, what nobody owns is a workload by itself, and what somebody owns has its owner's name.
    String said = workload.belonging().owner();
    String owner = said.isEmpty() ? "kubernetes://apis/networking.istio.io/v1/namespaces/" + namespace + "/workloadentries/" + name : said;
    String workloadName = owner.substring(owner.lastIndexOf('/') + 1);
    outputs.put(side + "owner", owner);
    outputs.put(side + "workload_name", workloadName);
    outputs.put(side + "workload_namespace", namespace);
    outputs.put(side + "workload_uid", "istio://" + namespace + "/workloads/" + workloadName);
  }
}
