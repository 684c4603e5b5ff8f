package dev.tenon.registry.vm.keep;

import dev.tenon.registry.vm.lease.Change;
import dev.tenon.registry.vm.lease.LeaseDesk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes changes, then passes them on. What comes in while one batch is written makes the next, so a
 * burst costs few batches, and of several changes of one workload only the last is written.
 *
 * <p>A shelf that fails keeps nobody out of the mesh: the change takes effect all the same, is logged
 * and reported, and is written again with the next batch or {@link #again}.
 */
public final class Keeper implements LeaseDesk.Next {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

  private final Shelf shelf;
  private final Executor serial;
  private final Consumer<Collection<Change>> next;
  private final Consumer<String> trouble;
  private final List<Runnable> done = new ArrayList<>();
  private Map<String, Change> pending = new LinkedHashMap<>();
  private boolean scheduled;
  private Map<String, Change> unwritten = Map.of();

  /**
   * A keeper.
   *
   * @param serial runs one task at a time, in order; may block
   * @param next is given what was written, or could not be
   * @param trouble is told one line when writing fails, and an empty one when all is written again
   */
  public Keeper(
      Shelf shelf, Executor serial, Consumer<Collection<Change>> next, Consumer<String> trouble) {
    this.shelf = shelf;
    this.serial = serial;
    this.next = next;
    this.trouble = trouble;
  }

  @Override
  public synchronized void changed(List<Change> changes, Runnable whenDone) {
    for (Change change : changes) {
      pending.remove(change.key());
      pending.put(change.key(), change);
    }
    done.add(whenDone);
    schedule();
  }

  @Override
  public synchronized Set<String> busy() {
    Set<String> keys = new HashSet<>(pending.keySet());
    keys.addAll(unwritten.keySet());
    return keys;
  }

  /** Writes again what could not be written. */
  public synchronized void again() {
    if (!unwritten.isEmpty()) {
      schedule();
    }
  }

  private void schedule() {
    if (!scheduled) {
      scheduled = true;
      serial.execute(this::batch);
    }
  }

  private void batch() {
    Map<String, Change> changes;
    Map<String, Change> toWrite;
    List<Runnable> answers;
    synchronized (this) {
      scheduled = false;
      changes = pending;
      pending = new LinkedHashMap<>();
      toWrite = new LinkedHashMap<>(unwritten);
      toWrite.putAll(changes);
      answers = List.copyOf(done);
      done.clear();
    }
    note(shelf.write(toWrite.values()));
    if (!changes.isEmpty()) {
      next.accept(List.copyOf(changes.values()));
    }
    answers.forEach(Runnable::run);
  }

  private void note(Map<Change, IOException> failed) {
    boolean before;
    Map<String, Change> rest = new LinkedHashMap<>();
    failed.keySet().forEach(change -> rest.put(change.key(), change));
    synchronized (this) {
      before = !unwritten.isEmpty();
      unwritten = rest;
    }
    if (!failed.isEmpty() && !before) {
      String why = failed.values().iterator().next().toString();
      LOG.error("leases cannot be kept {}: {}. They stay in force, but would not survive a restart; mend it, writing is tried again", shelf.place(), why);
      trouble.accept("leases cannot be kept " + shelf.place() + ": " + why);
    } else if (failed.isEmpty() && before) {
      LOG.info("leases are kept {} again", shelf.place());
      trouble.accept("");
    }
  }
}
