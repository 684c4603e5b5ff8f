package dev.tenon.registry.vm.accept;

import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.config.TextParser;
import dev.tenon.spi.workload.Entrant;
import dev.tenon.spi.workload.WorkloadSection;
import dev.tenon.wire.registration.v1.Beat;
import java.util.ArrayList;
import java.util.List;

/** Reads the workload.yaml of a machine that has no agent: as an agent would, and by the rules of its beats. */
final class WorkloadText {
  /** What an agent and a sidecar read in the same file. */
  private static final List<String> OTHERS = List.of("run", "kernel", "mesh", "agent", "proxy");

  private WorkloadText() {}

  /**
   * Who it is.
   *
   * @param origin names the text in findings
   * @throws BadConfig with everything that is wrong
   */
  static Registrant read(TextParser parser, String origin, String yaml) {
    List<Node> documents = parser.parse(origin, yaml);
    if (documents.size() != 1 || !(documents.getFirst() instanceof Node.Mapping mapping)) {
      throw bad(Position.of(origin), "", "should be one mapping with a section workload");
    }
    Fields document = Fields.of(mapping);
    OTHERS.forEach(document::node);
    Fields workload = document.mapping("workload").orElse(null);
    if (workload == null) {
      document.error("workload", "is required: the section that says who the workload is");
      throw new BadConfig(document.close());
    }
    Entrant entrant = WorkloadSection.read(workload);
    if (entrant.probe().isPresent()) {
      workload.error("probe", "nobody would carry it out: this workload has no agent. Remove it, or let the machine join ('tenon vm join')");
    }
    List<Finding> findings = new ArrayList<>(document.close());
    if (findings.stream().anyMatch(each -> each.severity() == Finding.Severity.ERROR)) {
      throw new BadConfig(findings.stream().distinct().toList());
    }
    try {
      Registrant said = new Registrant(entrant.group(), entrant.workload(), entrant.weights());
      Beat beat = Beat.newBuilder().setWorkload(BeatWriter.workload(said)).build();
      return BeatReader.read(beat).registrant().orElseThrow();
    } catch (BadBeat e) {
      throw bad(workload.at(), "", String.valueOf(e.getMessage()));
    }
  }

  private static BadConfig bad(Position at, String field, String message) {
    return new BadConfig(List.of(new Finding(Finding.Severity.ERROR, "TEN0002", at, field, message)));
  }
}
