package dev.tenon.mixer;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.ReportAdapter;
import dev.tenon.spi.policy.Template;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An adapter that remembers what it was told. */
public final class Told implements AdapterFactory {
  public final Queue<Instance> instances = new ConcurrentLinkedQueue<>();
  public final AtomicInteger calls = new AtomicInteger();
  public volatile boolean fails;
  public volatile @Nullable CountDownLatch hold;
  private final boolean nonBlocking;

  public Told(boolean nonBlocking) {
    this.nonBlocking = nonBlocking;
  }

  @Override
  public String name() {
    return "told";
  }

  @Override
  public Set<Template> templates() {
    return Set.of(Template.METRIC, Template.LOGENTRY);
  }

  @Override
  public boolean nonBlocking() {
    return nonBlocking;
  }

  @Override
  public Adapter build(Fields params) {
    ReportAdapter adapter =
        batch -> {
          calls.incrementAndGet();
          CountDownLatch latch = hold;
          if (latch != null) {
            latch.await();
          }
          if (fails) {
            throw new IllegalStateException("told to fail");
          }
          instances.addAll(batch);
        };
    return adapter;
  }
}
