package dev.tenon.pilot.join;

import dev.tenon.spi.model.Service;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.rules.ServiceEntry;
import dev.tenon.spi.rules.WorkloadEntry;
import java.util.List;
import java.util.Map;

/** What one source says about one host. */
sealed interface Contribution {
  /** Who says it, for an operator: a registry's name, or {@code ServiceEntry} with its key. */
  String source();

  /** A registry's service. */
  record Registered(String source, Service service) implements Contribution {}

  /**
   * A ServiceEntry, with whatever its selector selects.
   *
   * @param addresses of the host names that the entry means
   * @param foreign the host belongs to another namespace: only the entry's own sees it
   */
  record Entered(
      ServiceEntry entry,
      List<WorkloadEntry.Spec> entries,
      List<Workload> workloads,
      Map<String, List<String>> addresses,
      boolean foreign)
      implements Contribution {
    public Entered {
      entries = List.copyOf(entries);
      workloads = List.copyOf(workloads);
      addresses = Map.copyOf(addresses);
    }

    @Override
    public String source() {
      return "ServiceEntry " + entry.meta().key();
    }
  }
}
