package dev.tenon.kernel.boot;

import dev.tenon.kernel.load.Refused;
import dev.tenon.kernel.log.Logs;
import dev.tenon.kernel.swap.Modules;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.lifecycle.Offer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The same kernel and the same modules without a mesh round them: for commands that answer by
 * themselves. One at a time in a process.
 */
public final class Offline {
  private Offline() {}

  /**
   * Starts the profile, waits until it is ready, lets one module's service work and ends.
   *
   * @param options with a {@code run.directory} of the caller's own, which it deletes afterwards
   * @param service what to call: a type that one of the profile's modules offers
   * @param work its result holds nothing of the module's
   * @throws dev.tenon.spi.config.BadConfig when the settings cannot be used
   * @throws IOException when the run directory cannot be used
   * @throws IllegalStateException when a module does not start, or none offers the service
   */
  public static <T, R> R call(BootOptions options, Class<T> service, Function<T, R> work) throws IOException, InterruptedException {
    Node.Mapping all = Settings.read(options);
    KernelSettings settings = KernelSettings.read(all, options.profile());
    try (Logs logs = Logs.start(settings.log());
        Kernel kernel = Kernel.start(options, settings, all)) {
      Map<String, List<Modules.Failure>> missing = kernel.awaitStart();
      if (!missing.isEmpty()) {
        throw new IllegalStateException("the profile " + settings.profile() + " does not start: " + missing);
      }
      kernel.modules().whenReady().join();
      return work.apply(only(kernel, service));
    } catch (Refused e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private static <T> T only(Kernel kernel, Class<T> service) {
    List<Offer<T>> present = new ArrayList<>();
    kernel.offers().offers(service).subscribe(present::addAll).close();
    if (present.isEmpty()) {
      throw new IllegalStateException("no module offers " + service.getName());
    }
    return present.getFirst().service();
  }
}
