package dev.tenon.adapter.memquota;

import org.jspecify.annotations.Nullable;

/** A thread that does something small each second while anybody needs it. */
final class Sweeper {
  private static final long PAUSE_MILLIS = 1_000;

  private final Runnable work;
  private @Nullable Thread thread;

  Sweeper(Runnable work) {
    this.work = work;
  }

  synchronized void start() {
    if (thread == null) {
      thread = Thread.ofVirtual().name("tenon-memquota-sweep").inheritInheritableThreadLocals(false).start(this::run);
    }
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(PAUSE_MILLIS);
        work.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized void stop() {
    if (thread != null) {
      thread.interrupt();
      thread = null;
    }
  }
}
