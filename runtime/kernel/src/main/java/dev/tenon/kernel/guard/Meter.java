package dev.tenon.kernel.guard;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Reads what a thread has used. Made late: the JDK's management classes take time to load. */
public final class Meter {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Meter() {}

  /** CPU time of this thread in nanoseconds. */
  public static long cpuHere() {
    return THREADS.getCurrentThreadCpuTime();
  }

  /** CPU time in nanoseconds; 0 for a thread that is gone. */
  static long cpu(Thread thread) {
    return Math.max(0, THREADS.getThreadCpuTime(thread.threadId()));
  }

  /** Bytes that this thread has allocated on the heap. */
  static long allocatedHere() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }

  /** Bytes allocated on the heap; 0 for a thread that is gone. */
  static long allocated(Thread thread) {
    return Math.max(0, THREADS.getThreadAllocatedBytes(thread.threadId()));
  }
}
