package dev.tenon.citadel;

import dev.tenon.spi.lifecycle.Module;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers the authority with the kernel. */
public final class Activator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(Module.class, new CitadelModule(), null);
  }

  @Override
  public void stop(BundleContext context) {}
}
