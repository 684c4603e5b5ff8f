package dev.tenon.kernel.guard;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** CPU and memory of one account. Thread-safe; adding takes no lock. */
final class Spent {
  /** Weight of the latest second in what counts as lately: some ten seconds. */
  private static final double LATEST = 0.1;

  /** What a thread of the account's own had used when it was last looked at. */
  private record Mark(long cpu, long allocated) {}

  private final Map<Thread, Mark> own = new HashMap<>();
  private final AtomicLong cpu = new AtomicLong();
  private final AtomicLong allocated = new AtomicLong();
  private long cpuBefore;
  private long allocatedBefore;
  private double share;
  private double allocatedLately;

  void add(long moreCpu, long moreAllocated) {
    cpu.addAndGet(moreCpu);
    allocated.addAndGet(moreAllocated);
  }

  /** Looks at a thread all of whose work is the account's. */
  synchronized void look(Thread thread) {
    Mark now = new Mark(Meter.cpu(thread), Meter.allocated(thread));
    Mark before = own.put(thread, now);
    add(Math.max(0, now.cpu - (before == null ? 0 : before.cpu)),
        Math.max(0, now.allocated - (before == null ? 0 : before.allocated)));
  }

  /** Such a thread ends; called by itself. */
  synchronized void gone(Thread thread) {
    look(thread);
    own.remove(thread);
  }

  /** A time has passed: works out what counts as lately. */
  synchronized void settle(long nanos) {
    long cpuNow = cpu.get();
    long allocatedNow = allocated.get();
    share += LATEST * ((double) (cpuNow - cpuBefore) / nanos - share);
    allocatedLately += LATEST * ((double) (allocatedNow - allocatedBefore) - allocatedLately);
    cpuBefore = cpuNow;
    allocatedBefore = allocatedNow;
  }

  long cpu() {
    return cpu.get();
  }

  long allocated() {
    return allocated.get();
  }

  synchronized double share() {
    return share;
  }

  /** Bytes in a second, lately, with what came since the last {@link #settle}. */
  synchronized double allocatedLately() {
    return allocatedLately + (allocated.get() - allocatedBefore);
  }
}
