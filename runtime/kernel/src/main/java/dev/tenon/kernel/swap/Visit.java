package dev.tenon.kernel.swap;

import dev.tenon.kernel.guard.Account;
import dev.tenon.kernel.load.Loaded;
import dev.tenon.kernel.plan.Given;
import java.util.concurrent.Callable;

/**
 * A loaded jar and those who are inside its activator. It is unloaded when the last of them has come out:
 * the framework would wait for them, and every other load with it.
 */
final class Visit {
  final Loaded loaded;
  private final Given jar;
  private final Facilities kernel;
  private final Account account;
  private final long birth;
  private int inside;
  private boolean over;

  Visit(Loaded loaded, Given jar, Facilities kernel, Account account) {
    this.loaded = loaded;
    this.jar = jar;
    this.kernel = kernel;
    this.account = account;
    this.birth = kernel.proof().begin(jar.module());
  }

  /** Runs code of the jar's that the framework waits for. */
  <T> T inside(Callable<T> task) throws Exception {
    synchronized (this) {
      inside++;
    }
    try {
      return task.call();
    } finally {
      leave();
    }
  }

  /** Stops its activator. */
  void stop() throws Exception {
    boolean _ = inside(() -> {
      loaded.stop();
      return true;
    });
  }

  private void leave() {
    synchronized (this) {
      inside--;
      if (inside > 0 || !over) {
        return;
      }
    }
    unload();
  }

  synchronized boolean empty() {
    return inside == 0;
  }

  /** Unloads, or leaves that to the last who comes out; says whether it is unloaded. Called once. */
  boolean end() {
    synchronized (this) {
      over = true;
      if (inside > 0) {
        return false;
      }
    }
    unload();
    return true;
  }

  /** Takes away what it left, uninstalls it, and sees to it that its class loader goes. */
  private void unload() {
    ClassLoader loader = loaded.loader();
    try {
      kernel.proof().clear(jar.module(), birth, loader);
      loaded.close();
      if (loader != null) {
        kernel.proof().watch(jar.module(), jar.build(), loader, account::forget);
      }
    } catch (InterruptedException e) {
      loaded.close();
      Thread.currentThread().interrupt();
    }
    kernel.journal().note(jar, "unloaded", "");
  }
}
