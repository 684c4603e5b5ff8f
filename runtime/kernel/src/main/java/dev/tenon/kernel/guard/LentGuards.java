package dev.tenon.kernel.guard;

import dev.tenon.spi.guard.Guard;
import dev.tenon.spi.guard.Guards;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.guard.Usage;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The guards of one generation, and its calls that are under way. Thread-safe. */
public final class LentGuards implements Guards, AutoCloseable {
  private final Guarding guarding;
  private final Set<LaterCall<?, ?, ?>> running = new HashSet<>();
  private CompletableFuture<Void> idle = CompletableFuture.completedFuture(null);
  private boolean closing;

  LentGuards(Guarding guarding) {
    this.guarding = guarding;
  }

  @Override
  public Guard over(Object plug, String name, Limits limits) {
    guarding.begin();
    return new StandingGuard(name, guarding.accounts().of(plug.getClass().getClassLoader()), limits, this);
  }

  @Override
  public synchronized CompletionStage<Void> idle() {
    return idle.minimalCompletionStage();
  }

  @Override
  public List<String> hung() {
    return guarding.hung();
  }

  @Override
  public List<Usage> usage() {
    return guarding.accounts().usage();
  }

  synchronized boolean begin(LaterCall<?, ?, ?> call) {
    if (closing) {
      return false;
    }
    if (running.isEmpty()) {
      idle = new CompletableFuture<>();
    }
    return running.add(call);
  }

  void end(LaterCall<?, ?, ?> call) {
    CompletableFuture<Void> done = null;
    synchronized (this) {
      running.remove(call);
      if (running.isEmpty()) {
        done = idle;
      }
    }
    if (done != null) {
      done.complete(null);
    }
  }

  @Nullable Future<?> timer(Runnable task, Duration delay) {
    return guarding.timer(task, delay);
  }

  /** Begins no further call; those under way are told to end. */
  @Override
  public void close() {
    List<LaterCall<?, ?, ?>> left;
    synchronized (this) {
      closing = true;
      left = List.copyOf(running);
    }
    left.forEach(LaterCall::late);
  }
}
