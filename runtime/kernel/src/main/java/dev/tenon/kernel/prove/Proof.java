package dev.tenon.kernel.prove;

import dev.tenon.kernel.ports.Loops;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches class loaders of closed modules until they are collected. While one is waited for, a thread
 * asks for a full collection after a third and after two thirds of the deadline; at the deadline it looks
 * for what holds the loader, by a heap dump. With nothing to wait for there is no thread and no collection.
 *
 * <p>Thread-safe.
 */
public final class Proof implements AutoCloseable {
  /** What is to be told. Called on a thread of the kernel's. */
  public interface Witness {
    /** A loader was collected late: it had been told as a leak. */
    void gone(String module, String detail);

    /** A module left something behind that had to be taken away. */
    void left(String module, String detail);

    /** A loader is held. */
    void leaked(Leak leak);
  }

  /** Old generations whose class loaders may wait at one time; with more, the next swap waits. */
  public static final int MOST = 8;

  private static final Logger log = LoggerFactory.getLogger(Proof.class);
  private static final int MOST_LEAKS = 100;
  private static final long BETWEEN_COLLECTIONS = TimeUnit.SECONDS.toNanos(1);
  private static final Duration BETWEEN_DUMPS = Duration.ofSeconds(60);

  private final Duration deadline;
  private final Witness witness;
  private final RetainingPaths paths;
  private final Remains remains;
  private final ReferenceQueue<ClassLoader> gone = new ReferenceQueue<>();
  private final Set<Ticket> waiting = new LinkedHashSet<>();
  private final Map<Ticket, Leak> leaks = new LinkedHashMap<>();
  private @Nullable Thread thread;
  private boolean closed;
  private boolean pressed;
  private long collected;
  private long leaked;
  private long left;
  private final Births births = new Births();
  private long collections;
  private long collectionNanos;
  private long latestCollection = System.nanoTime() - BETWEEN_COLLECTIONS;
  private long nextDump = System.nanoTime();

  /**
   * Watches with a deadline.
   *
   * @param folder for heap dumps, which are deleted once they have been read
   */
  public Proof(Path folder, Duration deadline, Loops loops, Witness witness) {
    this.deadline = deadline;
    this.witness = witness;
    this.paths = new RetainingPaths(folder);
    this.remains = new Remains(loops);
  }

  /** A build of a module is about to run: what is told here is asked for at its end. */
  public long begin(String module) {
    return births.begin(module);
  }

  /**
   * Takes away what a module left in the process. Call it when the module is closed and its loader still works.
   *
   * @param birth what {@link #begin} said
   * @param loader null when it was never started
   */
  public void clear(String module, long birth, @Nullable ClassLoader loader) throws InterruptedException {
    Births.Span time = births.end(module, birth);
    if (loader == null) {
      return;
    }
    List<String> found = remains.clear(loader, time);
    synchronized (this) {
      left += found.size();
    }
    found.forEach(each -> witness.left(module, each));
  }

  /**
   * Sweeps the event loops and watches the loader from now on. Call it when the loader is of no use any more.
   *
   * @param afterwards run when the loader is gone; holds nothing of the module's
   */
  public void watch(String module, String build, ClassLoader loader, Runnable afterwards) throws InterruptedException {
    remains.sweepLoops(loader);
    synchronized (this) {
      if (!closed) {
        waiting.add(new Ticket(module, build, loader, gone, afterwards));
        if (thread == null) {
          thread = Thread.ofPlatform().daemon().name("proof").inheritInheritableThreadLocals(false).start(this::run);
        }
      }
    }
  }

  /** Waits until fewer than {@link #MOST} loaders are waited for, at most for the deadline; hurries the collector. */
  public synchronized void awaitRoom() throws InterruptedException {
    long end = System.nanoTime() + deadline.toNanos();
    for (long rest = end - System.nanoTime(); waiting.size() >= MOST && rest > 0 && !closed; rest = end - System.nanoTime()) {
      pressed = true;
      wait(Math.min(100, rest / 1_000_000 + 1));
    }
  }

  private void run() {
    try {
      while (oneRound()) {
        // until there is nothing to wait for
      }
    } catch (InterruptedException e) {
      log.debug("the process ends; nothing more is proved");
    } catch (RuntimeException | Error e) {
      log.error("unloading is not proved any more", e);
      throw e;
    }
  }

  private boolean oneRound() throws InterruptedException {
    settle();
    List<Ticket> overdue = new ArrayList<>();
    boolean collect;
    synchronized (this) {
      if (waiting.isEmpty() || closed) {
        thread = null;
        return false;
      }
      long now = System.nanoTime();
      waiting.stream().filter(each -> now - each.closedNanos >= deadline.toNanos()).forEach(overdue::add);
      collect = wantsCollection(now);
    }
    if (collect) {
      collect();
    } else if (overdue.isEmpty() || System.nanoTime() < nextDump) {
      await();
    } else {
      examine(overdue);
    }
    return true;
  }

  /** Whether a waiting loader has come to a third of the deadline since the latest collection, or a swap is held up. */
  private boolean wantsCollection(long now) {
    if (now - latestCollection < BETWEEN_COLLECTIONS) {
      return false;
    }
    long third = deadline.toNanos() / 3;
    return pressed || waiting.stream().anyMatch(each -> {
      long due = Math.min(2, (now - each.closedNanos) / third);
      return due > 0 && latestCollection < each.closedNanos + due * third;
    });
  }

  private void collect() {
    long begin = System.nanoTime();
    System.gc();
    long took = System.nanoTime() - begin;
    synchronized (this) {
      pressed = false;
      collections++;
      collectionNanos += took;
      latestCollection = System.nanoTime();
    }
    log.debug("a full collection was asked for and took {} ms", took / 1_000_000);
  }

  /** Until a loader is gone, or a moment is over. */
  private void await() throws InterruptedException {
    Reference<?> first = gone.remove(pressed() ? 20 : Math.clamp(deadline.toMillis() / 60, 10, 100));
    settle(first);
  }

  private synchronized boolean pressed() {
    return pressed;
  }

  /** Takes note of what is gone. */
  private void settle() {
    settle(gone.poll());
  }

  private void settle(@Nullable Reference<?> first) {
    List<Ticket> late = new ArrayList<>();
    List<Ticket> all = new ArrayList<>();
    synchronized (this) {
      for (Reference<?> each = first; each != null; each = gone.poll()) {
        if (each instanceof Ticket ticket) {
          all.add(ticket);
          collected++;
          waiting.remove(ticket);
          if (leaks.remove(ticket) != null) {
            late.add(ticket);
          }
        }
      }
      notifyAll();
    }
    all.forEach(each -> each.afterwards.run());
    long now = System.nanoTime();
    late.forEach(each -> witness.gone(each.module,
        "the class loader of " + each.build + " was collected after " + (now - each.closedNanos) / 1_000_000_000 + " s"));
  }

  private void examine(List<Ticket> overdue) throws InterruptedException {
    Map<Long, Leak> found = paths.find(overdue);
    nextDump = System.nanoTime() + BETWEEN_DUMPS.toNanos();
    settle();
    List<Leak> told = new ArrayList<>();
    synchronized (this) {
      for (Ticket each : overdue) {
        Leak leak = found.get(each.number);
        if (waiting.remove(each) && leak != null) {
          leaked++;
          leaks.put(each, leak);
          told.add(leak);
        }
      }
      while (leaks.size() > MOST_LEAKS) {
        leaks.remove(leaks.keySet().iterator().next());
      }
    }
    told.forEach(witness::leaked);
  }

  /** Loaders that are held now, the oldest first; at most a hundred. */
  public List<Leak> leaks() {
    settle();
    synchronized (this) {
      return List.copyOf(leaks.values());
    }
  }

  /** What was found so far. */
  public Costs costs() {
    settle();
    synchronized (this) {
      return new Costs(collected, waiting.size(), leaked, left, collections, collectionNanos / 1_000_000, paths.dumps(), paths.dumpMillis());
    }
  }

  @Override
  public void close() {
    Thread own;
    synchronized (this) {
      closed = true;
      own = thread;
      notifyAll();
    }
    if (own != null) {
      own.interrupt();
      try {
        own.join(2_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
