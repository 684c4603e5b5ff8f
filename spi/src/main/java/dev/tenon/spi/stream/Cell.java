package dev.tenon.spi.stream;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The plain implementation of {@link Source}: holds the latest value and tells subscribers of each
 * new one. A value equal to the present one is not passed on.
 *
 * <p>Threading: {@link #set} may be called from any thread; calls are serialised, and subscribers see
 * values in the order in which they were set. A subscriber may subscribe, close or set within its
 * call, on the same cell too; a value set within a call is delivered after the call.
 */
public final class Cell<T> implements Source<T> {
  private final List<Line> lines = new CopyOnWriteArrayList<>();
  private volatile @Nullable T value;

  /** A cell with no value yet. */
  public Cell() {}

  /** A cell with a first value. */
  public Cell(T value) {
    this.value = value;
  }

  /** The present value, if any was ever set. */
  public Optional<T> get() {
    return Optional.ofNullable(value);
  }

  /** Replaces the value and tells every subscriber, unless the new value equals the old one. */
  public void set(T next) {
    put(next);
    tell();
  }

  /**
   * Replaces the value alone, unless the new one equals the old one: who asks or subscribes from now on gets the new one, and those who
   * subscribed before are told of it by {@link #tell}. For several cells that are to change in one step.
   */
  public void put(T next) {
    synchronized (this) {
      if (!next.equals(value)) {
        value = next;
      }
    }
  }

  /** Tells every subscriber of the present value that has not seen it yet. */
  public void tell() {
    for (Line line : lines) {
      line.pump();
    }
  }

  @Override
  public Subscription subscribe(Consumer<? super T> subscriber) {
    Line line = new Line(subscriber);
    lines.add(line);
    line.pump();
    return line;
  }

  /** One subscriber, and what it saw last. */
  private final class Line implements Subscription {
    private final Consumer<? super T> subscriber;
    private @Nullable T seen;
    private boolean calling;
    private volatile boolean closed;

    Line(Consumer<? super T> subscriber) {
      this.subscriber = subscriber;
    }

    /** Brings the subscriber up to date; whoever is calling it already does so on return. */
    @SuppressWarnings("ReferenceEquality") // a value set again is a new delivery only if it is a new object
    void pump() {
      synchronized (this) {
        if (calling) {
          return;
        }
        calling = true;
      }
      while (true) {
        T next;
        synchronized (this) {
          next = value;
          if (closed || next == null || next == seen) {
            calling = false;
            return;
          }
          seen = next;
        }
        deliver(next);
      }
    }

    private void deliver(T next) {
      try {
        subscriber.accept(next);
      } catch (RuntimeException e) {
        System.getLogger(Cell.class.getName())
            .log(System.Logger.Level.ERROR, "a subscriber failed on a new value", e);
      }
    }

    @Override
    public void close() {
      closed = true;
      lines.remove(this);
    }
  }
}
