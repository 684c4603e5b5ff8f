package dev.tenon.kernel.load;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Initialises platform classes that keep an exception in a static field. Its backtrace holds every
 * class that was on the stack: were a module the first to use them, its class loader could never be
 * collected.
 */
final class FirstUse {
  private static final Logger log = LoggerFactory.getLogger(FirstUse.class);

  private static final List<String> CLASSES =
      List.of("io.grpc.internal.ManagedChannelOrphanWrapper$ManagedChannelReference");

  private FirstUse() {}

  static void initialise() {
    for (String name : CLASSES) {
      try {
        Class.forName(name);
      } catch (ClassNotFoundException | LinkageError e) {
        log.debug("{} is not on this platform", name, e);
      }
    }
  }
}
