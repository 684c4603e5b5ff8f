package dev.tenon.registry.vm.publish;

import dev.tenon.registry.vm.accept.Registrant;
import dev.tenon.spi.model.Belonging;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.rules.WorkloadEntry;
import dev.tenon.spi.rules.WorkloadGroup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A WorkloadGroup laid under what a workload says of itself: a pure function of both. */
final class Template {
  private static final String USUAL_ACCOUNT = "default";
  private static final WorkloadEntry.Spec NOTHING = new WorkloadEntry.Spec("", Map.of(), Map.of(), "", Locality.NONE, 0, "");

  private Template() {}

  /**
   * The registrant with nothing left unsaid.
   *
   * @param group its own; null when it is of none, or there is no such group
   */
  static Registrant filled(Registrant said, @Nullable WorkloadGroup group) {
    WorkloadEntry.Spec like = group == null ? NOTHING : group.template();
    Workload workload = said.workload();
    Map<String, String> labels = new HashMap<>(group == null ? Map.of() : group.labels());
    labels.putAll(workload.labels());
    int weight = said.weights().stream().filter(each -> each > 0).findFirst().orElse(Math.max(1, like.weight()));
    Workload filled =
        new Workload(
            workload.name(),
            workload.namespace(),
            first(workload.network(), like.network()),
            workload.address(),
            labels,
            workload.locality().equals(Locality.NONE) ? like.locality() : workload.locality(),
            first(workload.serviceAccount(), first(like.serviceAccount(), USUAL_ACCOUNT)),
            workload.ports(),
            workload.condition(),
            weight,
            like.ports(),
            group == null ? Belonging.NONE : new Belonging(owner(group), ""));
    List<Integer> weights = said.weights().stream().map(each -> each == 0 ? Math.max(1, like.weight()) : each).toList();
    return new Registrant(said.group(), filled, weights);
  }

  private static String owner(WorkloadGroup group) {
    return "kubernetes://apis/networking.istio.io/v1/namespaces/" + group.meta().namespace() + "/workloadgroups/" + group.meta().name();
  }

  private static String first(String one, String other) {
    return one.isEmpty() ? other : one;
  }
}
