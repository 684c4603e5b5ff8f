package dev.tenon.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Calls of a plug from many threads at once, and how long they take. */
final class Crowd {
  private static final int THREADS = 8;
  private static final int SAMPLES = 2_001;
  private static final Duration QUICK = Duration.ofNanos(200_000);

  private Crowd() {}

  /** Runs something on eight threads that begin together; what any of them throws fails the test. */
  static void eightAtOnce(Runnable work) {
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> all =
          IntStream.range(0, THREADS)
              .<Future<?>>mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            start.await();
                            work.run();
                            return null;
                          }))
              .toList();
      start.countDown();
      for (Future<?> each : all) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError("failed when called by " + THREADS + " threads at once: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Holds a call that is said only to compute to that: half of some thousand calls take less than 200 µs. */
  static void assertOnlyComputes(Runnable call) {
    long[] nanos = new long[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      long start = System.nanoTime();
      call.run();
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    assertThat(Duration.ofNanos(nanos[SAMPLES / 2]))
        .as("the median of %s calls; one that may take longer must not say nonBlocking", SAMPLES)
        .isLessThan(QUICK);
  }
}
