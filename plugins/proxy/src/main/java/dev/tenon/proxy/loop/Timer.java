package dev.tenon.proxy.loop;

import org.jspecify.annotations.Nullable;

/** Something that is to happen at a time, unless it is called off. Belongs to one loop. */
public abstract class Timer {
  long deadline;
  boolean armed;
  @Nullable Timer previous;
  @Nullable Timer next;

  /** Whether it is to happen. */
  public final boolean armed() {
    return armed;
  }

  /** The time has come; the timer is no longer armed. */
  protected abstract void expired();
}
