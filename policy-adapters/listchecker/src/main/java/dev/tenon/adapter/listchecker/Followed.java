package dev.tenon.adapter.listchecker;

import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import dev.tenon.spi.telemetry.MetricSnapshot.Kind;
import dev.tenon.spi.telemetry.MetricSnapshot.Sample;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A list that a provider has, as it was when it could last be had. A thread of its own follows it; whoever looks up reads a field.
 */
final class Followed implements Supplier<Listing>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Followed.class);
  private static final int MOST = 2_000_000;
  /** How long the first fetch is waited for; it goes on. */
  private static final long FIRST_MILLIS = 1_000;
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String handler;
  private final Provider provider;
  private final Terms terms;
  private final CountDownLatch first = new CountDownLatch(1);
  private final LongAdder fetched = new LongAdder();
  private final LongAdder same = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final Thread thread;
  private volatile @Nullable Listing listing;
  private volatile long since;
  private volatile boolean stale;
  private volatile String reason = "";

  /**
   * What is followed, and how.
   *
   * @param overrides entries that are always in the list
   * @param refresh from one look to the next
   * @param ttl how long a list that cannot be had anew is used; empty for always
   */
  record Terms(String url, EntryType type, List<String> overrides, Duration refresh, Optional<Duration> ttl) {}

  Followed(String handler, Provider provider, Terms terms) {
    this.handler = handler;
    this.provider = provider;
    this.terms = terms;
    this.thread = Thread.ofVirtual().name("listchecker").unstarted(this::follow);
  }

  /** Begins, and waits a moment for the list. */
  void begin() {
    thread.start();
    try {
      if (!first.await(FIRST_MILLIS, TimeUnit.MILLISECONDS)) {
        LOG.warn("handler {}: the list at {} has not come yet; until it has, its rules fail", handler, terms.url());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** @throws IllegalStateException when there is none, or it is too old */
  @Override
  public Listing get() {
    Listing present = listing;
    if (present == null) {
      throw new IllegalStateException("there is no list yet");
    }
    if (stale && terms.ttl().isPresent() && System.nanoTime() - since > terms.ttl().get().toNanos()) {
      throw new IllegalStateException("the list is older than its ttl");
    }
    return present;
  }

  private void follow() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        boolean had = look();
        first.countDown();
        TimeUnit.NANOSECONDS.sleep(had ? terms.refresh().toNanos() : Math.min(terms.refresh().toNanos(), RETRY_NANOS * 5));
      }
    } catch (InterruptedException e) {
      // Closed.
    } finally {
      provider.close();
    }
  }

  /** Whether the list could be had. */
  private boolean look() throws InterruptedException {
    try {
      Optional<String> text = provider.fetch();
      if (text.isPresent()) {
        List<String> entries = new ArrayList<>(terms.overrides());
        entries.addAll(terms.type().entries(text.get(), MOST));
        listing = terms.type().listing(entries);
        fetched.increment();
      } else {
        same.increment();
      }
      since = System.nanoTime();
      if (stale) {
        LOG.info("handler {}: the list at {} can be had again", handler, terms.url());
      }
      stale = false;
      return true;
    } catch (IOException e) {
      fails(String.valueOf(e));
    } catch (BadEntry e) {
      fails("entry " + (e.index() + 1 - terms.overrides().size()) + ": " + e.getMessage());
    }
    return false;
  }

  private void fails(String why) {
    failed.increment();
    reason = why;
    if (!stale) {
      LOG.warn("handler {}: the list at {} cannot be had: {}; {}", handler, terms.url(), why,
          listing == null ? "until it can, its rules fail" : "the last good one stays in use");
    }
    stale = true;
  }

  /** Why the list is out of date; empty while it is not. */
  String concern() {
    if (!stale) {
      return "";
    }
    String age = listing == null ? "until it can, its rules fail" : "the one of " + (System.nanoTime() - since) / 1_000_000_000 + " s ago is used";
    return "the list at " + terms.url() + " cannot be had: " + reason + "; " + age;
  }

  List<Family> figures() {
    Listing present = listing;
    return List.of(
        new Family("listchecker_entries", Kind.GAUGE, List.of(Sample.of(Map.of(), present == null ? 0 : present.size()))),
        new Family("listchecker_stale", Kind.GAUGE, List.of(Sample.of(Map.of(), stale ? 1 : 0))),
        new Family(
            "listchecker_age_seconds",
            Kind.GAUGE,
            present == null ? List.of() : List.of(Sample.of(Map.of(), (System.nanoTime() - since) / 1e9))),
        new Family(
            "listchecker_refreshes_total",
            Kind.COUNTER,
            List.of(
                Sample.of(Map.of("outcome", "changed"), (double) fetched.sum()),
                Sample.of(Map.of("outcome", "same"), (double) same.sum()),
                Sample.of(Map.of("outcome", "failed"), (double) failed.sum()))));
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
