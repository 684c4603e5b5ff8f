package dev.tenon.pilot.scope;

import dev.tenon.pilot.join.Joiner;
import dev.tenon.pilot.join.Mesh;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.rules.FilterRule;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request filters of one proxy, in the order in which requests meet them.
 *
 * @param server for requests that come in
 * @param client for requests that its application sends
 */
public record Filters(List<FilterRule> server, List<FilterRule> client) {
  private static final Comparator<FilterRule> ORDER =
      Comparator.comparing(FilterRule::phase)
          .thenComparing(Comparator.comparingInt(FilterRule::priority).reversed())
          // The mesh's own before a namespace's, as Istio has it.
          .thenComparing(rule -> !rule.meta().namespace().equals(Scope.ROOT_NAMESPACE))
          .thenComparing(rule -> rule.meta().name());

  public Filters {
    server = List.copyOf(server);
    client = List.copyOf(client);
  }

  /**
   * Those that select a proxy.
   *
   * @param workload the one that it stands beside; null before it has registered
   */
  public static Filters of(Mesh mesh, Proxy proxy, @Nullable Workload workload) {
    Map<String, String> labels = workload == null ? proxy.labels() : workload.labels();
    List<FilterRule> mine =
        mesh.filters().values().stream()
            .filter(rule -> holdsIn(rule.meta().namespace(), proxy.namespace()))
            .filter(rule -> Joiner.selects(rule.selector(), labels))
            .sorted(ORDER)
            .toList();
    return new Filters(
        mine.stream().filter(rule -> rule.mode().server()).toList(),
        mine.stream().filter(rule -> rule.mode().client()).toList());
  }

  private static boolean holdsIn(String namespace, String proxys) {
    return namespace.equals(proxys) || namespace.equals(Scope.ROOT_NAMESPACE);
  }

  /** Whether a proxy that knows no plug-ins may pass requests on without these. */
  public static boolean mayBePassedOver(List<FilterRule> filters) {
    return filters.stream().allMatch(FilterRule::failOpen);
  }
}
