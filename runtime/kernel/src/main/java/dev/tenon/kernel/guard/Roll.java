package dev.tenon.kernel.guard;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;

/** The marked threads that are alive. Thread-safe. */
public final class Roll {
  private final Set<MarkedThread> threads = ConcurrentHashMap.newKeySet();

  /** An empty roll. */
  public Roll() {}

  /** Makes the threads of event loops. */
  public ThreadFactory loops() {
    return new DefaultThreadFactory("loop", true) {
      @Override
      protected Thread newThread(Runnable task, String name) {
        return new MarkedThread(Roll.this, null, task, name);
      }
    };
  }

  void add(MarkedThread thread) {
    threads.add(thread);
  }

  void remove(MarkedThread thread) {
    threads.remove(thread);
    Account owner = thread.owner();
    if (owner != null) {
      owner.spent().gone(thread);
    }
  }

  Set<MarkedThread> threads() {
    return threads;
  }
}
