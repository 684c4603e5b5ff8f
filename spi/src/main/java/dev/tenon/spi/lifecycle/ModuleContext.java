package dev.tenon.spi.lifecycle;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.guard.Guards;
import dev.tenon.spi.ports.Ports;
import dev.tenon.spi.stream.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

/** What the kernel gives one generation of a module. Everything obtained here ends with it. */
public interface ModuleContext {
  /** The process that this module runs in. */
  ProcessInfo process();

  /** The version of the module's bundle, and a hash of its content: what names this build of it. */
  String build();

  /**
   * Whether an older generation of this module runs beside this one, to be replaced by it. A module
   * that waits for the outside before it is ready need not do so then: what it waited for was there.
   */
  default boolean succeeds() {
    return false;
  }

  /** The module's own section of the process's configuration; empty when it has none. */
  Fields settings();

  /** A section shared between modules, such as {@code workload}; empty when there is none. */
  Fields settings(String section);

  /** A directory of the module's own; survives swaps and restarts. Made when first asked for. */
  Path stateDirectory();

  /**
   * Lends a service to the other modules, from this generation's switch until its close. At a switch
   * the offers of the old generation are replaced by those of the new one in one step.
   */
  <T> void offer(Class<T> type, T service);

  /**
   * Everything that modules and plug-ins offer under a type, as it changes. A subscriber drops what
   * is no longer in the list before it returns; that is what lets the old code be unloaded.
   */
  <T> Source<List<Offer<T>>> offers(Class<T> type);

  /** Sockets and loops. */
  Ports ports();

  /** Guards for plug-ins of others that this module calls. */
  default Guards guards() {
    throw new UnsupportedOperationException("no guards are lent here");
  }

  /** Timers that end with this generation; tasks must be short. */
  ScheduledExecutorService timers();
}
