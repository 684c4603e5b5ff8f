package dev.tenon.kernel.prove;

import dev.tenon.kernel.ports.Loops;
import io.netty.util.internal.InternalThreadLocalMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.slf4j.LoggerFactory;

/** What a closed module may have left in the process, outside of what it was lent. */
final class Remains {
  private static final Duration BARRIER = Duration.ofSeconds(5);
  private static final org.slf4j.Logger log = LoggerFactory.getLogger(Remains.class);
  private final Loops loops;
  private final LeftThreads threads;

  Remains(Loops loops) {
    this.loops = loops;
    this.threads = new LeftThreads(loops);
  }

  /** Ends threads, unregisters MBeans, takes handlers off loggers; one line each. What the platform remembers by itself, silently. */
  List<String> clear(ClassLoader loader, Births.Span time) throws InterruptedException {
    List<String> found = new ArrayList<>(threads.end(loader, time));
    for (MBeanServer server : MBeanServerFactory.findMBeanServer(null)) {
      beans(server, loader, found);
    }
    handlers(loader, found);
    RecordMethods.forget();
    return found;
  }

  private static void beans(MBeanServer server, ClassLoader loader, List<String> found) {
    for (ObjectName name : server.queryNames(null, null)) {
      try {
        if (loader.equals(server.getClassLoaderFor(name))) {
          server.unregisterMBean(name);
          found.add("the MBean " + name + " was unregistered");
        }
      } catch (InstanceNotFoundException e) {
        log.debug("{} went by itself", name);
      } catch (JMException | RuntimeException e) {
        found.add("the MBean " + name + " cannot be unregistered: " + e);
      }
    }
  }

  private static void handlers(ClassLoader loader, List<String> found) {
    LogManager manager = LogManager.getLogManager();
    for (String name : Collections.list(manager.getLoggerNames())) {
      Logger logger = manager.getLogger(name);
      if (logger == null) {
        continue;
      }
      for (Handler handler : logger.getHandlers()) {
        if (isOf(handler, loader) || isOf(handler.getFormatter(), loader) || isOf(handler.getFilter(), loader)) {
          logger.removeHandler(handler);
          found.add("the log handler " + handler.getClass().getName() + " was taken off the logger \"" + name + "\"");
        }
      }
      if (isOf(logger.getFilter(), loader)) {
        logger.setFilter(null);
        found.add("a log filter was taken off the logger \"" + name + "\"");
      }
    }
  }

  private static boolean isOf(@org.jspecify.annotations.Nullable Object object, ClassLoader loader) {
    return object != null && loader.equals(object.getClass().getClassLoader());
  }

  /** Netty keeps matchers by handler class, and values of thread-locals, on each loop for ever. */
  void sweepLoops(ClassLoader loader) throws InterruptedException {
    loops.onEach(() -> sweep(loader), BARRIER);
  }

  private static void sweep(ClassLoader loader) {
    if (loader.equals(Thread.currentThread().getContextClassLoader())) {
      Thread.currentThread().setContextClassLoader(ClassLoader.getSystemClassLoader());
    }
    InternalThreadLocalMap map = InternalThreadLocalMap.getIfSet();
    if (map == null) {
      return;
    }
    map.typeParameterMatcherGetCache().keySet().removeIf(each -> loader.equals(each.getClassLoader()));
    map.typeParameterMatcherFindCache().keySet().removeIf(each -> loader.equals(each.getClassLoader()));
    for (int index = 0; index <= InternalThreadLocalMap.lastVariableIndex(); index++) {
      Object value = map.indexedVariable(index);
      if (isOf(value, loader)) {
        map.removeIndexedVariable(index);
      } else if (value instanceof Set<?> keys) {
        // The thread-locals that Netty would clear when the thread ends: one may be of a class of the module's.
        keys.removeIf(each -> isOf(each, loader));
      }
    }
  }
}
