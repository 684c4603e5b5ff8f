package dev.tenon.pilot.serve;

import dev.tenon.pilot.gather.RegistryView;
import dev.tenon.pilot.join.Mesh;
import dev.tenon.spi.registry.RegistryState.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What the control plane counts, in Prometheus' text format, version 0.0.4. */
final class MeshFigures {
  private final StringBuilder text = new StringBuilder();

  private MeshFigures() {}

  static String text(List<RegistryView> registries, Optional<Mesh> mesh, Hub.Joins joins, Instant now) {
    MeshFigures figures = new MeshFigures();
    figures.each("tenon_registry_services", "gauge", registries, RegistryView::services);
    figures.each("tenon_registry_workloads", "gauge", registries, RegistryView::workloads);
    figures.each("tenon_registry_stale", "gauge", registries, each -> each.state().kind() == Kind.STALE ? 1 : 0);
    figures.each("tenon_registry_stale_seconds", "gauge", registries, each -> stale(each, now));
    figures.each("tenon_registry_damped", "gauge", registries, each -> each.dampedUntil().isPresent() ? 1 : 0);
    figures.each("tenon_registry_losses_total", "counter", registries, RegistryView::losses);
    figures.one("tenon_mesh_services", "gauge", mesh.map(each -> each.topology().shapes().size()).orElse(0));
    figures.one("tenon_mesh_endpoints", "gauge", mesh.map(each -> each.endpoints().values().stream().mapToInt(List::size).sum()).orElse(0));
    figures.one("tenon_mesh_conflicts", "gauge", mesh.map(each -> each.origins().conflicts().size()).orElse(0));
    figures.one("tenon_mesh_services_merged_total", "counter", joins.merged());
    figures.type("tenon_mesh_slowest_join_seconds", "gauge");
    figures.text.append("tenon_mesh_slowest_join_seconds ").append(joins.slowestNanos() / 1e9).append('\n');
    return figures.text.toString();
  }

  /** For how long the catalog may have been out of date; 0 while it is current. */
  private static double stale(RegistryView view, Instant now) {
    return view.state().kind() == Kind.STALE ? Math.max(0, Duration.between(view.state().since(), now).toMillis() / 1000.0) : 0;
  }

  private void each(String name, String kind, List<RegistryView> registries, ToDoubleFunction<RegistryView> figure) {
    type(name, kind);
    registries.forEach(view -> text.append(name).append("{registry=\"").append(quoted(view.name())).append("\"} ")
        .append(number(figure.applyAsDouble(view))).append('\n'));
  }

  private void one(String name, String kind, long value) {
    type(name, kind);
    text.append(name).append(' ').append(value).append('\n');
  }

  private void type(String name, String kind) {
    text.append("# TYPE ").append(name).append(' ').append(kind).append('\n');
  }

  private static String number(double value) {
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }

  private static String quoted(String name) {
    return name.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
