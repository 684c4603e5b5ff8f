package dev.tenon.kernel.swap;

import dev.tenon.kernel.plan.Given;
import dev.tenon.kernel.plan.Step;
import dev.tenon.kernel.ports.Ended;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The generations in one place, one after the other. {@link #work} orders what is done to them. */
final class Lane {
  /** What a lane tells of its work. */
  interface Listener {
    /** A jar could not be run. */
    void failed(Given jar, Throwable failure, @Nullable Given goesOn);

    /** A first generation has started: call back when its readiness is known. */
    void started(Lane lane, Generation generation);
  }

  final String module;
  final String place;
  final ReentrantLock work = new ReentrantLock();
  private final Facilities kernel;
  private final Guard guard;
  private final Deadlines deadlines;
  private final Journal journal;
  private final Listener listener;
  private volatile @Nullable Generation current;
  private volatile @Nullable Generation other;
  private @Nullable String kept;
  private int count;

  Lane(String module, String place, Facilities kernel, Guard guard, Deadlines deadlines, Journal journal, Listener listener) {
    this.module = module;
    this.place = place;
    this.kernel = kernel;
    this.guard = guard;
    this.deadlines = deadlines;
    this.journal = journal;
    this.listener = listener;
  }

  @Nullable Generation current() {
    return current;
  }

  /** Those that are there now: the present one, and one that comes or goes. */
  List<Status> status() {
    List<Status> all = new ArrayList<>();
    Generation present = current;
    Generation second = other;
    if (present != null) {
      all.add(present.status());
    }
    if (second != null) {
      all.add(second.status());
    }
    return all;
  }

  /** Accepted connections that older generations still have. */
  int oldConnections() {
    Generation present = current;
    Generation second = other;
    return second == null || (present != null && second.number > present.number) ? 0 : second.connections();
  }

  void perform(Step step) throws InterruptedException {
    work.lockInterruptibly();
    try {
      switch (step) {
        case Step.Install install -> install(install.jar());
        case Step.Replace replace -> replace(replace.jar());
        case Step.Remove ignored -> remove();
        case Step.Keep keep -> keep(keep);
        case Step.Refuse ignored -> {}
        case Step.Pass ignored -> {}
      }
    } finally {
      work.unlock();
    }
  }

  private void install(Given jar) throws InterruptedException {
    Generation first = new Generation(jar, ++count, false, kernel, guard, deadlines);
    current = first;
    try {
      first.start();
    } catch (InterruptedException e) {
      current = null;
      throw e;
    } catch (Exception e) {
      current = null;
      listener.failed(jar, e, null);
      return;
    }
    journal.note(module, "started", jar.build() + " from " + jar.file());
    listener.started(this, first);
  }

  /** A first generation's readiness is known. */
  void firstReady(Generation first, @Nullable Throwable failure) throws InterruptedException {
    work.lockInterruptibly();
    try {
      if (!first.equals(current) || first.active()) {
        return;
      }
      if (failure != null) {
        current = null;
        first.close();
        listener.failed(first.jar, failure, null);
        return;
      }
      first.switchOver(null);
      journal.note(module, "active", first.jar.build());
    } finally {
      work.unlock();
    }
  }

  private void replace(Given jar) throws InterruptedException {
    Generation old = current;
    if (old == null || !old.active()) {
      if (old != null) {
        current = null;
        old.close();
      }
      install(jar);
      return;
    }
    Generation next = new Generation(jar, ++count, true, kernel, guard, deadlines);
    other = next;
    try {
      next.start();
      Guard.await("its readiness", next.ready(), deadlines.ready());
      next.state("ready");
      warm(next, old);
    } catch (InterruptedException e) {
      other = null;
      next.close();
      throw e;
    } catch (Exception e) {
      other = null;
      next.close();
      count--;
      listener.failed(jar, e, old.jar);
      return;
    }
    Handover state = new Handover(old, next, guard, journal);
    state.move();
    long took = next.switchOver(old);
    state.move();
    current = next;
    other = old;
    journal.note(module, "switched", "from " + old.jar.build() + " to " + jar.build() + " of " + jar.file()
        + " in " + took / 1_000 + " us");
    boolean clean = old.handOver(deadlines.drain());
    state.move();
    end(old, clean);
  }

  private void warm(Generation next, Generation old) throws Exception {
    String done = next.warm(old);
    if (!done.isEmpty()) {
      journal.note(module, "warmed", done);
    }
  }

  private void remove() {
    Generation old = current;
    if (old == null) {
      return;
    }
    other = old;
    current = null;
    old.shut();
    old.withdraw();
    boolean clean = !old.active() || old.drain(deadlines.drain());
    end(old, clean);
    journal.note(module, "removed", old.jar.build());
  }

  private void end(Generation old, boolean clean) {
    if (!old.ended().equals(Ended.NONE)) {
      journal.note(module, "ended", old.ended() + ", of " + old.jar.build());
    }
    old.close();
    other = null;
    journal.note(module, "unloaded", old.jar.build() + (clean ? "" : "; not everything was done within the drain deadline"));
  }

  private void keep(Step.Keep step) {
    if (!step.jar().attempt().equals(kept)) {
      kept = step.jar().attempt();
      journal.note(module, "kept", step.toString());
    }
  }

  /** The process ends: first everything drains, then everything closes. */
  void drainLast(Duration deadline) {
    Generation last = current;
    if (last != null) {
      last.shut();
      if (last.active()) {
        last.drain(deadline);
      }
    }
  }

  void closeLast() {
    Generation last = current;
    current = null;
    if (last != null) {
      last.close();
    }
  }
}
