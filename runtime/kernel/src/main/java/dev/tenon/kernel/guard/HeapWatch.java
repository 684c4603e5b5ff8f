package dev.tenon.kernel.guard;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says who allocates most when the heap runs full, before the JVM gives up: the profiles' JVMs exit
 * when it is exhausted.
 */
final class HeapWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HeapWatch.class);
  private static final double FULL = 0.85;
  private static final int NAMED = 3;
  private static final long SILENCE_MILLIS = 5_000;

  private final Accounts accounts;
  private final NotificationListener listener = this::notified;
  private final AtomicLong told = new AtomicLong();

  HeapWatch(Accounts accounts) {
    this.accounts = accounts;
  }

  void start() {
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      long most = pool.getUsage().getMax();
      if (pool.getType() == MemoryType.HEAP && pool.isUsageThresholdSupported() && most > 0) {
        pool.setUsageThreshold((long) (most * FULL));
      }
      if (pool.getType() == MemoryType.HEAP && pool.isCollectionUsageThresholdSupported() && pool.isUsageThresholdSupported() && most > 0) {
        pool.setCollectionUsageThreshold((long) (most * FULL));
      }
    }
    ((NotificationEmitter) ManagementFactory.getMemoryMXBean()).addNotificationListener(listener, null, null);
  }

  private void notified(Notification notification, Object handback) {
    long now = System.currentTimeMillis();
    long last = told.get();
    boolean afterCollection = notification.getType().equals(MemoryNotificationInfo.MEMORY_COLLECTION_THRESHOLD_EXCEEDED);
    boolean crossed = notification.getType().equals(MemoryNotificationInfo.MEMORY_THRESHOLD_EXCEEDED);
    if ((afterCollection || crossed) && now - last >= SILENCE_MILLIS && told.compareAndSet(last, now)) {
      log.error("the heap is nearly full{}; allocated most lately: {}", afterCollection ? " even after a collection" : "", most());
    }
  }

  /** The modules that allocated most lately, the greediest first. */
  String most() {
    String named = accounts.all().stream()
        .sorted(Comparator.comparingDouble((Account each) -> each.spent().allocatedLately()).reversed())
        .limit(NAMED)
        .map(each -> String.format(Locale.ROOT, "%s %.1f MB/s (%d MB in all)", each.module(),
            each.spent().allocatedLately() / 1e6, each.spent().allocated() / 1_000_000))
        .collect(Collectors.joining(", "));
    return named.isEmpty() ? "no module" : named;
  }

  @Override
  public void close() {
    try {
      ((NotificationEmitter) ManagementFactory.getMemoryMXBean()).removeNotificationListener(listener);
    } catch (ListenerNotFoundException e) {
      log.debug("it was never begun", e);
    }
  }
}
