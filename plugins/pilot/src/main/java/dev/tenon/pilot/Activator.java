package dev.tenon.pilot;

import dev.tenon.spi.lifecycle.Module;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Where OSGi is met: registers the module. */
public final class Activator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(Module.class, new PilotModule(), null);
  }

  @Override
  public void stop(BundleContext context) {
    // The framework unregisters the service.
  }
}
