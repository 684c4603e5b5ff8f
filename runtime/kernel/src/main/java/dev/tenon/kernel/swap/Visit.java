package dev.tenon.kernel.swap;

import dev.tenon.kernel.load.Loaded;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * A loaded jar and those who are inside its activator. It is unloaded when the last of them has come out:
 * the framework would wait for them, and every other load with it.
 */
final class Visit {
  final Loaded loaded;
  private final Consumer<Loaded> unload;
  private int inside;
  private boolean over;

  Visit(Loaded loaded, Consumer<Loaded> unload) {
    this.loaded = loaded;
    this.unload = unload;
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

  private void leave() {
    synchronized (this) {
      inside--;
      if (inside > 0 || !over) {
        return;
      }
    }
    unload.accept(loaded);
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
    unload.accept(loaded);
    return true;
  }
}
