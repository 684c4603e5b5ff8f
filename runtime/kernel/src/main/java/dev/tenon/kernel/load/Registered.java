package dev.tenon.kernel.load;

import dev.tenon.spi.lifecycle.Module;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Running;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/** A bundle whose activator registers services of spi but no module, seen as a module that offers them. */
final class Registered implements Module {
  private static final String SPI = "dev.tenon.spi.";
  private final String name;
  private final Bundle bundle;

  Registered(String name, Bundle bundle) {
    this.name = name;
    this.bundle = bundle;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Running start(ModuleContext context) throws Refused {
    List<Object> services = new ArrayList<>();
    for (ServiceReference<?> each : bundle.getRegisteredServices()) {
      Object service = bundle.getBundleContext().getService(each);
      for (String type : (String[]) each.getProperty(Constants.OBJECTCLASS)) {
        if (service != null && type.startsWith(SPI)) {
          offer(context, type, service);
          services.add(service);
        }
      }
    }
    return new ProvidersRunning(services.stream().distinct().toList());
  }

  private static void offer(ModuleContext context, String type, Object service) throws Refused {
    try {
      offer(context, Class.forName(type, false, Module.class.getClassLoader()), service);
    } catch (ClassNotFoundException e) {
      throw new Refused("registers a service as " + type + ", which this version does not know; build it against this version's spi", e);
    }
  }

  private static <T> void offer(ModuleContext context, Class<T> type, Object service) throws Refused {
    if (!type.isInstance(service)) {
      throw new Refused("registers " + service.getClass().getName() + " as " + type.getName() + "; if the jar holds a copy of spi, leave that out");
    }
    context.offer(type, type.cast(service));
  }

  /** Whether there is anything to offer. */
  static boolean any(ServiceReference<?>[] registered) {
    for (ServiceReference<?> each : registered) {
      for (String type : (String[]) each.getProperty(Constants.OBJECTCLASS)) {
        if (type.startsWith(SPI)) {
          return true;
        }
      }
    }
    return false;
  }
}
