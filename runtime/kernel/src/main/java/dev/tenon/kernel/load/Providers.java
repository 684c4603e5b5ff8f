package dev.tenon.kernel.load;

import dev.tenon.spi.lifecycle.Module;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Running;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/** A plug-in without an activator, seen as a module: it offers each provider that its jar names. */
final class Providers implements Module {
  private static final String FOLDER = "META-INF/services/";
  private final String name;
  private final Bundle bundle;
  private final List<String> services;

  Providers(String name, Bundle bundle, List<String> services) {
    this.name = name;
    this.bundle = bundle;
    this.services = services;
  }

  @Override
  public String name() {
    return name;
  }

  /**
   * The module that the jar brings itself, for a plug-in that needs settings, timers or a state of being
   * ready; null when it names providers of other plug points alone.
   */
  @Nullable Module ownModule() throws Refused {
    if (!services.contains(Module.class.getName())) {
      return null;
    }
    try {
      List<String> named = providers(Module.class.getName());
      if (services.size() > 1 || named.size() != 1) {
        throw new Refused("names a Module beside other providers; name one Module alone, and let it offer the rest");
      }
      return (Module) make(Module.class, named.getFirst());
    } catch (IOException e) {
      throw new Refused("its files in META-INF/services cannot be read: " + e, e);
    } catch (ClassCastException e) {
      throw new Refused("its provider is no " + Module.class.getName() + "; if the jar holds a copy of spi, leave that out", e);
    }
  }

  @Override
  public Running start(ModuleContext context) throws Refused, IOException {
    List<Object> made = new ArrayList<>();
    for (String service : services) {
      Class<?> type = type(service);
      for (String provider : providers(service)) {
        made.add(offer(context, type, provider));
      }
    }
    if (made.isEmpty()) {
      throw new Refused("names no provider: its files in META-INF/services are empty; write one class name a line");
    }
    return new ProvidersRunning(made);
  }

  private Class<?> type(String service) throws Refused {
    try {
      return Class.forName(service, false, Module.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new Refused("names providers for " + service + ", which this version does not know; build it against this version's spi", e);
    }
  }

  private <T> T offer(ModuleContext context, Class<T> type, String provider) throws Refused {
    Object made = make(type, provider);
    if (!type.isInstance(made)) {
      throw new Refused("its provider " + provider + " is no " + type.getName()
          + "; if the jar holds a copy of spi, leave that out");
    }
    T service = type.cast(made);
    context.offer(type, service);
    return service;
  }

  private Object make(Class<?> type, String provider) throws Refused {
    try {
      return bundle.loadClass(provider).getConstructor().newInstance();
    } catch (ClassNotFoundException e) {
      throw new Refused("names the provider " + provider + " for " + type.getSimpleName() + ", but holds no such class", e);
    } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
      throw new Refused("its provider " + provider + " has no public constructor without arguments in a public class", e);
    } catch (java.lang.reflect.InvocationTargetException e) {
      throw new Refused("its provider " + provider + " failed in its constructor: " + e.getCause(), e);
    } catch (LinkageError e) {
      throw new Refused("its provider " + provider + " cannot be linked: " + e + "; put its libraries into lib/ inside the jar", e);
    }
  }

  private List<String> providers(String service) throws IOException {
    List<String> names = new ArrayList<>();
    var files = bundle.getResources(FOLDER + service);
    for (URL file : files == null ? List.<URL>of() : Collections.list(files)) {
      try (BufferedReader lines = new BufferedReader(new InputStreamReader(file.openStream(), StandardCharsets.UTF_8))) {
        lines.lines().map(each -> each.replaceFirst("#.*", "").strip()).filter(each -> !each.isEmpty()).forEach(names::add);
      }
    }
    return names;
  }
}
