package dev.tenon.kernel.prove;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A class loader that should be collected. A heap dump shows which loader is meant: the reader looks for
 * objects of this class, their {@code number} and their {@code referent}.
 */
final class Ticket extends WeakReference<ClassLoader> {
  private static final AtomicLong NUMBERS = new AtomicLong();

  final long number = NUMBERS.incrementAndGet();
  final String module;
  final String build;
  final long closedNanos = System.nanoTime();
  final long closedMillis = System.currentTimeMillis();
  final Runnable afterwards;

  /**
   * Waits for a loader.
   *
   * @param afterwards run when it is gone; holds nothing of the module's
   */
  Ticket(String module, String build, ClassLoader loader, ReferenceQueue<ClassLoader> collected, Runnable afterwards) {
    super(loader, collected);
    this.module = module;
    this.build = build;
    this.afterwards = afterwards;
  }
}
