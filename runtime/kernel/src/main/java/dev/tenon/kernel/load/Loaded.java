package dev.tenon.kernel.load;

import dev.tenon.kernel.plan.Given;
import dev.tenon.spi.lifecycle.Module;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One jar in a class loader of its own. */
public final class Loaded implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Loaded.class);
  private final Bundle bundle;
  private final Given jar;
  private final Path link;
  private final Lock wiring;
  private final Supplier<@Nullable String> missing;
  private final Runnable gone;

  /**
   * A bundle that is installed.
   *
   * @param missing says which imports nobody gives, when it cannot be linked
   * @param gone run when it is unloaded
   */
  Loaded(Bundle bundle, Given jar, Path link, Lock wiring, Supplier<@Nullable String> missing, Runnable gone) {
    this.bundle = bundle;
    this.jar = jar;
    this.link = link;
    this.wiring = wiring;
    this.missing = missing;
    this.gone = gone;
  }

  /**
   * Starts the bundle and finds its module. Runs code of the jar's.
   *
   * @throws Refused when it cannot be linked or offers no module
   */
  public Module module() throws Refused {
    try {
      bundle.start();
    } catch (BundleException e) {
      throw new Refused(reason(e), e);
    }
    if (jar.plain()) {
      Providers providers = new Providers(jar.module(), bundle, providers());
      Module own = providers.ownModule();
      if (own == null) {
        return providers;
      }
      named(own, "name the file " + own.name() + ".jar");
      return own;
    }
    ServiceReference<?>[] present = bundle.getRegisteredServices();
    ServiceReference<?>[] registered = present == null ? new ServiceReference<?>[0] : present;
    for (ServiceReference<?> each : registered) {
      if (bundle.getBundleContext().getService(each) instanceof Module module) {
        named(module, "set Tenon-Module: " + module.name() + " in its bnd.bnd");
        return module;
      }
    }
    if (Registered.any(registered)) {
      return new Registered(jar.module(), bundle);
    }
    throw new Refused("its activator registers neither a dev.tenon.spi.lifecycle.Module nor another service of dev.tenon.spi");
  }

  private void named(Module module, String remedy) throws Refused {
    if (!module.name().equals(jar.module())) {
      throw new Refused("is the module " + jar.module() + " by its manifest or file name and " + module.name()
          + " by its code; " + remedy);
    }
  }

  private String reason(BundleException e) {
    String missingImports = e.getType() == BundleException.RESOLVE_ERROR ? missing.get() : null;
    if (missingImports != null) {
      return missingImports;
    }
    Throwable cause = e.getCause() == null ? e : e.getCause();
    String text = String.valueOf(cause.getMessage());
    int missing = text.indexOf("missing requirement");
    if (e.getType() == BundleException.RESOLVE_ERROR && missing >= 0) {
      return "needs what the platform does not give: " + text.substring(missing).replaceAll("\\s+", " ");
    }
    return "its activator failed: " + cause;
  }

  private SequencedMap<String, List<String>> providers() throws Refused {
    try {
      return Jar.read(jar.original(), String.valueOf(jar.file().getFileName())).providers();
    } catch (IOException e) {
      throw new Refused("the kernel's copy of it cannot be read: " + e, e);
    }
  }

  /** The class loader, for sweeping caches; null before the first start. */
  public @Nullable ClassLoader loader() {
    BundleWiring present = bundle.adapt(BundleWiring.class);
    return present == null ? null : present.getClassLoader();
  }

  /** Stops the bundle. Runs code of the jar's, and holds nothing that others wait for. */
  public void stop() throws Refused {
    try {
      bundle.stop();
    } catch (BundleException e) {
      throw new Refused("its activator does not stop: " + (e.getCause() == null ? e : e.getCause()), e);
    }
  }

  /** Uninstalls; twice is harmless. Stop it before. */
  @Override
  public void close() {
    wiring.lock();
    try {
      if (bundle.getState() != Bundle.UNINSTALLED) {
        bundle.uninstall();
      }
      Files.deleteIfExists(link);
    } catch (BundleException | IOException | RuntimeException e) {
      log.warn("{} {} could not be unloaded cleanly", jar.module(), jar.build(), e);
    } finally {
      gone.run();
      wiring.unlock();
    }
  }
}
