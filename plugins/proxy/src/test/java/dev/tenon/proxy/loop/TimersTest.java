package dev.tenon.proxy.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Timers expire in time, or not at all when they were called off. */
class TimersTest {
  private final DefaultEventLoop executor = new DefaultEventLoop();
  private final Timers timers = new Timers(executor);
  private final List<String> expired = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void stop() {
    executor.shutdownGracefully();
  }

  private Timer timer(String name, Runnable then) {
    return new Timer() {
      @Override
      protected void expired() {
        expired.add(name);
        then.run();
      }
    };
  }

  private static long millis(int count) {
    return TimeUnit.MILLISECONDS.toNanos(count);
  }

  @Test
  void anEarlierOneIsNotKeptWaitingByALaterOne() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    executor
        .submit(
            () -> {
              timers.armIn(timer("hour", () -> {}), TimeUnit.HOURS.toNanos(1));
              timers.armIn(timer("later", done::countDown), millis(60));
              timers.armIn(timer("soon", () -> {}), millis(20));
            })
        .get();
    assertThat(done.await(40, TimeUnit.SECONDS)).isTrue();
    assertThat(expired).containsExactly("soon", "later");
  }

  @Test
  void oneThatExpiresMayCallOffOrArmOthers() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    executor
        .submit(
            () -> {
              Timer victim = timer("victim", () -> {});
              Timer last = timer("last", done::countDown);
              timers.armIn(victim, millis(40));
              timers.armIn(
                  timer(
                      "killer",
                      () -> {
                        timers.disarm(victim);
                        timers.armIn(last, millis(40));
                      }),
                  millis(10));
            })
        .get();
    assertThat(done.await(40, TimeUnit.SECONDS)).isTrue();
    assertThat(expired).containsExactly("killer", "last");
  }

  @Test
  void oneArmedAgainExpiresOnceAtItsLatestTime() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    executor
        .submit(
            () -> {
              Timer moved = timer("moved", done::countDown);
              timers.armIn(moved, millis(10));
              timers.armIn(moved, millis(50));
              timers.armIn(timer("between", () -> {}), millis(25));
            })
        .get();
    assertThat(done.await(40, TimeUnit.SECONDS)).isTrue();
    assertThat(expired).containsExactly("between", "moved");
  }

  @Test
  void nothingExpiresAfterTheEnd() throws Exception {
    executor
        .submit(
            () -> {
              timers.armIn(timer("never", () -> {}), millis(5));
              timers.close();
            })
        .get();
    CountDownLatch later = new CountDownLatch(1);
    executor.schedule(later::countDown, 40, TimeUnit.MILLISECONDS);
    assertThat(later.await(40, TimeUnit.SECONDS)).isTrue();
    assertThat(expired).isEmpty();
  }
}
