package dev.tenon.registry.consul;

import dev.tenon.spi.lifecycle.Module;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers the registry with the kernel. */
public final class Activator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(Module.class, new ConsulModule(), null);
  }

  @Override
  public void stop(BundleContext context) {}
}
