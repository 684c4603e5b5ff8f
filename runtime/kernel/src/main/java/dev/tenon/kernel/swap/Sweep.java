package dev.tenon.kernel.swap;

import dev.tenon.kernel.ports.Loops;
import io.netty.util.internal.InternalThreadLocalMap;
import java.time.Duration;
import java.util.Map;

/** Takes out of each loop's own memory what was left there by a class loader that goes. */
final class Sweep {
  private Sweep() {}

  static void of(ClassLoader loader, Loops loops, Duration deadline) throws InterruptedException {
    boolean _ = loops.onEach(() -> sweep(loader), deadline);
  }

  /** Netty keeps matchers by handler class, and values of thread-locals, on each loop for ever. */
  private static void sweep(ClassLoader loader) {
    InternalThreadLocalMap map = InternalThreadLocalMap.getIfSet();
    if (map == null) {
      return;
    }
    map.typeParameterMatcherGetCache().keySet().removeIf(each -> loader.equals(each.getClassLoader()));
    Map<Class<?>, ?> found = map.typeParameterMatcherFindCache();
    found.keySet().removeIf(each -> loader.equals(each.getClassLoader()));
    for (int index = 0; index <= InternalThreadLocalMap.lastVariableIndex(); index++) {
      Object value = map.indexedVariable(index);
      if (value != null && loader.equals(value.getClass().getClassLoader())) {
        map.removeIndexedVariable(index);
      }
    }
  }
}
