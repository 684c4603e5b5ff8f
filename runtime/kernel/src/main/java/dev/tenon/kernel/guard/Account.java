package dev.tenon.kernel.guard;

import dev.tenon.kernel.checkpoint.Checkpoint;
import dev.tenon.spi.guard.Usage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one generation of a module as others call it: what it cost, whether it may still be
 * called. Refers to nothing of the module's. Compared by identity; thread-safe.
 */
public final class Account {
  final LongAdder requests = new LongAdder();
  final LongAdder errors = new LongAdder();
  final LongAdder timeouts = new LongAdder();
  private final String module;
  private final String version;
  private final int number = Checkpoint.number();
  private final Spent spent = new Spent();
  private final AtomicLong code = new AtomicLong();
  private final AtomicLong woven = new AtomicLong();
  private final Crew crew;
  private volatile @Nullable String stopped;

  Account(String module, String version, Roll roll) {
    this.module = module;
    this.version = version;
    this.crew = new Crew(this, roll);
  }

  /** The module's name. */
  public String module() {
    return module;
  }

  /** What woven code of this generation polls with. */
  public int number() {
    return number;
  }

  /** A class of this generation was woven. */
  public void wove(int before, int after) {
    code.addAndGet(before);
    woven.addAndGet(after);
  }

  /** Why this generation is not called any more; null while it is. */
  public @Nullable String stopped() {
    return stopped;
  }

  /** No call of this generation begins from now on. */
  void stop(String reason) {
    stopped = reason;
  }

  Spent spent() {
    return spent;
  }

  Crew crew() {
    return crew;
  }

  /** What it has cost so far. */
  public Usage usage() {
    return new Usage(module, version, requests.sum(), errors.sum(), timeouts.sum(), spent.cpu(), spent.share(), spent.allocated(),
        (long) spent.allocatedLately(), code.get(), woven.get());
  }

  /** Whoever is in its code ends at the next checkpoint, if it has any. */
  public void condemn() {
    Checkpoint.condemn(number);
  }

  /** Its classes are gone from memory, and with them the last checkpoint at which anybody could end. */
  public void forget() {
    Checkpoint.forget(number);
  }

  /** Ends the threads on which it was called; those that heed no interrupt end at their next checkpoint. */
  void close() {
    if (!crew.end()) {
      condemn();
    }
  }
}
