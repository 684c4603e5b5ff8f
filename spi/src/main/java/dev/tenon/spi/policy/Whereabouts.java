package dev.tenon.spi.policy;

import java.util.List;
import java.util.Optional;

/**
 * Where requests would arrive: what a proxy, or the mesh, knows of a request that is only sketched. Offered by proxy for its own
 * listeners and by pilot for every workload; asked by mixer for explanations, not on the request path. Thread-safe; may wait.
 */
public interface Whereabouts {
  /**
   * Where a request would be judged; empty when nobody here would see it.
   *
   * @param source the caller: an IP address, or {@code namespace/name} of a workload; empty when nothing is known of it
   * @param destination {@code namespace/name} of the called workload; empty for whichever the host leads to
   */
  Optional<Arrival> of(Sketch request, String source, String destination);

  /**
   * What is known of it there.
   *
   * @param workload {@code namespace/name} of the workload whose proxy judges, and where that listens; empty when none does here
   * @param route what is done with the request if policy lets it go on; one line
   * @param namespaces whose policy judges, in this order
   * @param request with the path as it is judged and the attributes of both sides
   * @param notes what the reader should know besides
   */
  record Arrival(String workload, String route, List<String> namespaces, Sketch request, List<String> notes) {
    public Arrival {
      namespaces = List.copyOf(namespaces);
      notes = List.copyOf(notes);
    }
  }
}
