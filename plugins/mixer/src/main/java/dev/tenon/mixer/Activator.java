package dev.tenon.mixer;

import dev.tenon.spi.lifecycle.Module;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Where the bundle begins: registers the module for the kernel to find. */
public final class Activator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(Module.class, new MixerModule(), null);
  }

  @Override
  public void stop(BundleContext context) {}
}
