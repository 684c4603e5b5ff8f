package dev.tenon.proxy.compile;

/** Where a listener's route table is. */
public sealed interface RouteSource {
  /** Within the listener; {@code route_config}. */
  record Inline(RouteTable table) implements RouteSource {}

  /** Among the table's routes; {@code rds}. */
  record Named(String name) implements RouteSource {}
}
