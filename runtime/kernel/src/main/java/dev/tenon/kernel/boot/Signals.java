package dev.tenon.kernel.boot;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT: the first begins an orderly end, the second ends at once. A shutdown hook could
 * not tell them apart. Where the JVM has no {@code sun.misc.Signal}, a hook does the first.
 */
final class Signals implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Signals.class);
  private final Runnable first;
  private final Thread hook;
  private boolean seen;

  private Signals(Runnable first, Thread hook) {
    this.first = first;
    this.hook = hook;
  }

  /**
   * Begins to listen.
   *
   * @param first begins the end and returns
   * @param orderly begins the end and waits for it; for a JVM that is told to exit by other means
   */
  static Signals on(Runnable first, Runnable orderly) {
    Thread hook = Thread.ofPlatform().name("kernel-exit").unstarted(orderly);
    Runtime.getRuntime().addShutdownHook(hook);
    Signals signals = new Signals(first, hook);
    signals.handle("TERM", 143);
    signals.handle("INT", 130);
    return signals;
  }

  private void handle(String name, int code) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object own = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
        if (method.getName().equals("handle")) {
          arrived(name, code);
        }
        return method.getName().equals("hashCode") ? (Object) name.hashCode() : method.getName().equals("equals") ? (Object) false : name;
      });
      Method handle = signal.getMethod("handle", signal, handler);
      handle.invoke(null, signal.getConstructor(String.class).newInstance(name), own);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      log.debug("SIG{} is left to the JVM", name, e instanceof InvocationTargetException ? e.getCause() : e);
    }
  }

  private void arrived(String name, int code) {
    boolean second;
    synchronized (this) {
      second = seen;
      seen = true;
    }
    if (second) {
      log.warn("SIG{} again: ending at once", name);
      Runtime.getRuntime().halt(code);
    }
    log.info("SIG{}: ending", name);
    first.run();
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      log.debug("the JVM is ending already");
    }
  }
}
