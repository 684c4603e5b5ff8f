package dev.tenon.registry.consul.publish;

import dev.tenon.registry.consul.keep.LastView;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what is published to disk, at most every two seconds, and gives it back to a registry that
 * Consul did not answer for some seconds after the start.
 */
public final class Memory implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Memory.class);
  private static final Duration EACH = Duration.ofSeconds(2);

  private final LastView file;
  private final ConsulRegistry registry;
  private final AtomicBoolean busy = new AtomicBoolean();
  private long written;
  private boolean failing;

  public Memory(LastView file, ConsulRegistry registry) {
    this.file = file;
    this.registry = registry;
  }

  /** Remembers from now on. */
  public void start(ScheduledExecutorService timers) {
    Future<?> _ = timers.scheduleWithFixedDelay(this::beginSave, EACH.toMillis(), EACH.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Gives back what was written last when Consul has not answered after a while. */
  public void recallAfter(Duration patience, ScheduledExecutorService timers) {
    Future<?> _ = timers.schedule(() -> Thread.ofVirtual().name("consul-recall").start(this::recall), patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void recall() {
    if (!registry.whole().toCompletableFuture().isDone()) {
      file.read().ifPresent(registry::recall);
    }
  }

  private void beginSave() {
    if (busy.compareAndSet(false, true)) {
      Thread.ofVirtual().name("consul-remember").start(() -> {
        try {
          save();
        } finally {
          busy.set(false);
        }
      });
    }
  }

  private synchronized void save() {
    long now = registry.changes();
    if (now == written) {
      return;
    }
    try {
      file.write(registry.known());
      written = now;
      failing = false;
    } catch (IOException | RuntimeException e) {
      if (!failing) {
        log.warn("what Consul says cannot be kept on disk; a restart while Consul is away would begin with what was kept before: {}", e.toString());
      }
      failing = true;
    }
  }

  @Override
  public void close() {
    save();
  }
}
