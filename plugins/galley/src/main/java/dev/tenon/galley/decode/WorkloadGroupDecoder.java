package dev.tenon.galley.decode;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.rules.Meta;
import dev.tenon.spi.rules.WorkloadEntry;
import dev.tenon.spi.rules.WorkloadGroup;
import dev.tenon.spi.workload.ReadinessProbe;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads Istio's {@code WorkloadGroup}. */
final class WorkloadGroupDecoder {
  private static final WorkloadEntry.Spec NOTHING = new WorkloadEntry.Spec("", Map.of(), Map.of(), "", Locality.NONE, 0, "");

  private WorkloadGroupDecoder() {}

  static WorkloadGroup decode(Meta meta, Fields spec) {
    Optional<Fields> metadata = spec.mapping("metadata");
    if (!spec.has("template")) {
      spec.error("template", "is required: what the group's workloads have in common, {} for nothing");
    }
    WorkloadEntry.Spec template = spec.mapping("template").map(WorkloadEntryDecoder::template).orElse(NOTHING);
    if (!template.network().isEmpty() && !Names.isLabel(template.network())) {
      spec.error("template.network", "\"" + template.network() + "\" is no network's name; it has lower-case letters, digits and '-'");
    }
    Map<String, String> labels = new LinkedHashMap<>();
    metadata.ifPresent(each -> labels.putAll(Values.labels(each, "labels")));
    labels.putAll(template.labels());
    Map<String, String> annotations = metadata.map(each -> each.textMap("annotations")).orElse(Map.of());
    return new WorkloadGroup(meta, labels, annotations, template, spec.mapping("probe").flatMap(WorkloadGroupDecoder::probe));
  }

  private static Optional<ReadinessProbe> probe(Fields said) {
    Optional<ReadinessProbe> probe = ReadinessProbe.read(said);
    Optional<Node> command = said.node("exec");
    if (command.isPresent()) {
      Values.refuse(said, "exec", "the control plane runs no commands on hosts; say it in the workload's own file, workload.probe.exec");
    }
    return probe;
  }
}
