package dev.tenon.kernel.guard;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A thread of the kernel's that says whose code it is in. Written by itself with opaque stores, read by
 * the watchdog: no fence, no lock, no clock.
 */
public final class MarkedThread extends FastThreadLocalThread {
  private static final VarHandle CURRENT;
  private static final VarHandle CALLS;

  /** One call of so many is a sample. */
  private static final int RATE = 32;

  /** The watchdog sees longer ones itself, and puts them down as they go on. */
  private static final long LONGEST = 20_000_000;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      CURRENT = lookup.findVarHandle(MarkedThread.class, "current", Account.class);
      CALLS = lookup.findVarHandle(MarkedThread.class, "calls", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Roll roll;
  private final @Nullable Account owner;
  private @Nullable Account current;
  private long calls;
  private final AtomicLong sampledCpu = new AtomicLong();
  private final AtomicLong sampledAllocated = new AtomicLong();

  /** The watchdog is ending the call that this thread is in. */
  private volatile boolean ending;

  /**
   * A thread that is not started yet.
   *
   * @param owner whose all its work is; null for an event loop
   */
  MarkedThread(Roll roll, @Nullable Account owner, Runnable task, String name) {
    super(task, name);
    this.roll = roll;
    this.owner = owner;
    setDaemon(true);
    setContextClassLoader(ClassLoader.getSystemClassLoader());
  }

  @Override
  public void run() {
    roll.add(this);
    try {
      super.run();
    } finally {
      roll.remove(this);
    }
  }

  /** Begins a call on this thread; returns what was there before, for {@link #leave}. */
  @Nullable Account enter(Account account) {
    Account outer = current;
    CALLS.setOpaque(this, calls + 1);
    CURRENT.setOpaque(this, account);
    return outer;
  }

  /** Ends a call on this thread; says whether the watchdog was ending it. */
  boolean leave(@Nullable Account outer) {
    CURRENT.setOpaque(this, outer);
    if (!ending) {
      return false;
    }
    interrupted();
    return true;
  }

  /** Whether the call that was just entered is a sample. Calls on threads that are one account's own need none. */
  boolean sampled() {
    return calls % RATE == 0 && owner == null && roll.sampling();
  }

  /** Puts a sample to an account, for itself and for the calls that were none. */
  void sample(Account account, long nanos, long allocated) {
    if (nanos < LONGEST) {
      account.spent().add(nanos * RATE, allocated * RATE);
      sampledCpu.addAndGet(nanos * RATE);
      sampledAllocated.addAndGet(allocated * RATE);
    }
  }

  long sampledCpu() {
    return sampledCpu.get();
  }

  long sampledAllocated() {
    return sampledAllocated.get();
  }

  @Nullable Account owner() {
    return owner;
  }

  /** Whose work it does when it is in no plug. */
  @Nullable Account host() {
    return roll.host();
  }

  @Nullable Account current() {
    return (Account) CURRENT.getOpaque(this);
  }

  long calls() {
    return (long) CALLS.getOpaque(this);
  }

  void ending(boolean now) {
    ending = now;
  }
}
