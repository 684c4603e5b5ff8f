package dev.tenon.agent.probe;

import dev.tenon.spi.model.Workload;
import java.util.function.Consumer;

/** Looks whether a workload's ports are open. */
@FunctionalInterface
public interface Ports {
  /** Looks once. Answers whether all ports of the workload accept connections, on whatever thread, within a second or so. */
  void look(Workload workload, Consumer<Boolean> answer);
}
