package dev.tenon.kernel.guard;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** The marked threads that are alive. Thread-safe. */
public final class Roll {
  private final Set<MarkedThread> threads = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Account host;
  private volatile boolean sampling;

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

  /** Whose work event loops do when they are in no plug; null for nobody's. */
  @Nullable Account host() {
    return host;
  }

  void host(@Nullable Account account) {
    host = account;
  }

  /** Whether samples are taken: the watchdog has begun. */
  boolean sampling() {
    return sampling;
  }

  void beginSampling() {
    sampling = true;
  }

  Set<MarkedThread> threads() {
    return threads;
  }
}
