package dev.tenon.cli.vm;

import dev.tenon.cli.client.Refused;
import dev.tenon.kernel.boot.YamlText;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.workload.Entrant;
import dev.tenon.spi.workload.WorkloadSection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A workload's own file, read strictly where the command needs it.
 *
 * @param entrant who the workload is
 * @param proxy the section of that name
 * @param domain {@code mesh.domain}, if the file says it
 */
record HostFile(Entrant entrant, Optional<Fields> proxy, Optional<String> domain) {
  private static final long MOST_BYTES = 1 << 20;

  /**
   * Reads it.
   *
   * @throws BadConfig with everything that is wrong in the section workload
   * @throws Refused when it cannot be read at all
   */
  static HostFile read(Path file) {
    Fields document = document(file);
    Fields workload = document.mapping("workload").orElseThrow(() -> new Refused(file + " has no section \"workload\""));
    Entrant entrant = WorkloadSection.read(workload);
    List<Finding> findings = workload.close();
    if (findings.stream().anyMatch(each -> each.severity() == Finding.Severity.ERROR)) {
      throw new BadConfig(findings);
    }
    return new HostFile(entrant, document.mapping("proxy"), document.mapping("mesh").flatMap(each -> each.optionalText("domain")));
  }

  private static Fields document(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new Refused(file + " is larger than a mebibyte, too large to say who a workload is");
      }
      List<Node> documents = new YamlText().parse(file.toString(), Files.readString(file));
      if (documents.size() == 1 && documents.getFirst() instanceof Node.Mapping mapping) {
        return Fields.of(mapping);
      }
      throw new Refused(file + " should be one mapping of sections");
    } catch (IOException e) {
      throw new Refused(file + " cannot be read: " + e + "; docs/guides/vm.md shows what belongs there");
    }
  }
}
