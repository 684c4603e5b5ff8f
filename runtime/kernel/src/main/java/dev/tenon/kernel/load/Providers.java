package dev.tenon.kernel.load;

import dev.tenon.spi.lifecycle.Module;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Running;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/** A plug-in without an activator, seen as a module: it offers each provider that its jar names. */
final class Providers implements Module {
  private final String name;
  private final Bundle bundle;
  private final SequencedMap<String, List<String>> providers;

  Providers(String name, Bundle bundle, SequencedMap<String, List<String>> providers) {
    this.name = name;
    this.bundle = bundle;
    this.providers = providers;
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
    List<String> named = providers.get(Module.class.getName());
    if (named == null) {
      return null;
    }
    if (providers.size() > 1 || named.size() != 1) {
      throw new Refused("names a Module beside other providers; name one Module alone, and let it offer the rest");
    }
    Object made = make(Module.class, named.getFirst());
    if (made instanceof Module module) {
      return module;
    }
    throw new Refused("its provider is no " + Module.class.getName() + "; if the jar holds a copy of spi, leave that out");
  }

  @Override
  public Running start(ModuleContext context) throws Refused {
    List<Object> made = new ArrayList<>();
    for (Map.Entry<String, List<String>> each : providers.entrySet()) {
      Class<?> type = type(each.getKey());
      for (String provider : each.getValue()) {
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
      Class<?> own = bundle.loadClass(provider);
      Method method = providerMethod(own, type);
      return method == null ? own.getConstructor().newInstance() : made(method.invoke(null), provider);
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

  /** As a named module may have it instead of a constructor. */
  private static @Nullable Method providerMethod(Class<?> own, Class<?> type) {
    try {
      Method method = own.getMethod("provider");
      return Modifier.isStatic(method.getModifiers()) && type.isAssignableFrom(method.getReturnType()) ? method : null;
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  private static Object made(@Nullable Object made, String provider) throws Refused {
    if (made == null) {
      throw new Refused("its provider " + provider + " returned null from provider()");
    }
    return made;
  }
}
