package dev.tenon.kernel.swap;

import dev.tenon.kernel.load.Refused;
import dev.tenon.kernel.plan.Given;
import dev.tenon.kernel.plan.Step;
import dev.tenon.kernel.ports.Ended;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The generations in one place, one after the other. {@link #work} orders what is done to them. */
final class Lane {
  private static final Logger log = LoggerFactory.getLogger(Lane.class);

  /** What a lane tells of its work. */
  interface Listener {
    /** A jar could not be run. */
    void failed(Given jar, Throwable failure, @Nullable Given goesOn);

    /** A first generation has started: call back when its readiness is known. */
    void started(Lane lane, Generation generation);

    /** A new generation serves; the old one is still there. */
    void switched(Lane lane);
  }

  final String module;
  final String place;
  final ReentrantLock work = new ReentrantLock();
  private final Facilities kernel;
  private final Guard guard;
  private final Deadlines deadlines;
  private final Listener listener;
  private volatile @Nullable Generation current;
  private volatile @Nullable Generation other;
  private volatile boolean over;
  private int count;

  Lane(String module, String place, Facilities kernel, Guard guard, Deadlines deadlines, Listener listener) {
    this.module = module;
    this.place = place;
    this.kernel = kernel;
    this.guard = guard;
    this.deadlines = deadlines;
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
      if (over) {
        return;
      }
      switch (step) {
        case Step.Install install -> install(install.jar());
        case Step.Replace replace -> replace(replace.jar());
        case Step.Remove ignored -> remove();
        case Step.Keep ignored -> {}
        case Step.Refuse ignored -> {}
        case Step.Pass ignored -> {}
      }
    } finally {
      work.unlock();
    }
  }

  private void install(Given jar) throws InterruptedException {
    try {
      kernel.ledger().trying(jar);
    } catch (IOException e) {
      log.warn("that {} is tried cannot be written down ({}); if the process dies of it, it is tried again", jar.attempt(), e.toString());
    }
    kernel.journal().whisper(jar, "planned", "install from " + jar.file());
    Generation first = new Generation(jar, ++count, false, kernel, guard, deadlines);
    current = first;
    try {
      first.start();
    } catch (InterruptedException e) {
      current = null;
      throw e;
    } catch (Exception e) {
      current = null;
      failed(jar, e, null);
      return;
    }
    listener.started(this, first);
  }

  private void failed(Given jar, Throwable failure, @Nullable Given goesOn) {
    kernel.ledger().ended(jar);
    listener.failed(jar, failure, goesOn);
  }

  /**
   * A first generation's readiness is known.
   *
   * @return whether it serves from now on
   */
  boolean firstReady(Generation first, @Nullable Throwable failure) throws InterruptedException {
    work.lockInterruptibly();
    try {
      if (!first.equals(current) || first.active()) {
        return false;
      }
      if (failure != null) {
        current = null;
        first.close();
        failed(first.jar, failure, null);
        return false;
      }
      first.isReady();
      first.switchOver(null);
      kernel.journal().note(first.jar, "switched", "the first generation, from " + first.jar.file());
      return true;
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
    kernel.proof().awaitRoom();
    Generation next = new Generation(jar, count + 1, true, kernel, guard, deadlines);
    try {
      trying(jar);
      other = next;
      next.start();
      Guard.await("its readiness", next.ready(), deadlines.ready());
      next.isReady();
      warm(next, old);
    } catch (InterruptedException e) {
      other = null;
      next.close();
      throw e;
    } catch (Exception e) {
      other = null;
      next.close();
      failed(jar, e, old.jar);
      return;
    }
    count++;
    swap(old, next);
  }

  /** There is something to lose: what cannot be written down is not tried. */
  private void trying(Given jar) throws Refused {
    try {
      kernel.ledger().trying(jar);
      kernel.journal().note(jar, "planned", "replace from " + jar.file());
    } catch (IOException e) {
      throw new Refused("that it is tried cannot be written down (" + e + "), and a crash would lose what runs; make room, then give it again", e);
    }
  }

  private void swap(Generation old, Generation next) throws InterruptedException {
    Handover state = new Handover(old, next, guard, kernel.journal());
    state.move();
    Generation.Took took = next.switchOver(old);
    state.move();
    current = next;
    other = old;
    kernel.journal().note(next.jar, "switched", "from " + old.jar.build() + " in " + took);
    kernel.ledger().good(next.jar);
    listener.switched(this);
    old.handOver(deadlines.drain());
    state.move();
    end(old);
  }

  private void warm(Generation next, Generation old) throws Exception {
    String done = next.warm(old);
    if (!done.isEmpty()) {
      kernel.journal().note(next.jar, "warmed", done);
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
    if (old.active()) {
      old.drain(deadlines.drain());
    }
    end(old);
    kernel.ledger().removed(place);
    kernel.journal().note(old.jar, "removed", "");
  }

  private void end(Generation old) {
    if (!old.ended().equals(Ended.NONE)) {
      kernel.journal().note(old.jar, "ended", old.ended().toString());
    }
    old.close();
    other = null;
  }

  /** The process ends: first everything drains, then everything closes. */
  void drainLast(Duration deadline) {
    Generation last = current;
    if (last != null) {
      boolean active = last.active();
      if (!active || !last.endsListeningItself()) {
        last.shut();
      }
      if (active) {
        last.drain(deadline);
        last.shut();
      }
    }
  }

  /**
   * Closes what is there. A start under way comes to its end first, as far as the patience goes: taken away
   * in the middle of it, it would fail and be told as a failure.
   */
  void closeLast(Duration patience) {
    over = true;
    Generation first = current;
    boolean serves = other != null || (first != null && first.active());
    boolean waited = isFreeWithin(serves ? Duration.ZERO : patience);
    try {
      Generation last = current;
      current = null;
      if (last != null) {
        last.close();
      }
    } finally {
      if (waited) {
        work.unlock();
      }
    }
  }

  private boolean isFreeWithin(Duration patience) {
    try {
      return work.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
