package dev.tenon.kernel.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.spi.guard.Guard;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.guard.Trouble;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls of plugs that are in trouble, through the guard that stands round them. */
class StandingGuardTest {
  private static final Guard.Call<Supplier<String>, String, String> GET = (plug, argument) -> plug.get() + argument;

  private final Roll roll = new Roll();
  private final Guarding guarding = new Guarding(roll, (module, reason) -> {});
  private final Account account = guarding.accounts().open("plug", "1.0");
  private final LentGuards guards = guarding.lend();
  private final AtomicInteger asked = new AtomicInteger();

  @AfterEach
  void close() throws Exception {
    guards.close();
    guarding.accounts().close(account);
    guarding.close();
  }

  private StandingGuard guard(String deadline, int concurrency, int failures, String quarantine) {
    return new StandingGuard("the plug", account,
        new Limits(Duration.parse("PT" + deadline), concurrency, failures, Duration.parse("PT" + quarantine)), guards);
  }

  private String call(Guard guard, Supplier<String> plug) {
    return guard.call(GET, () -> {
      asked.incrementAndGet();
      return plug.get();
    }, "!", Trouble::name);
  }

  private CompletableFuture<String> later(Guard guard, Supplier<String> plug) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    guard.callLater(GET, plug, "!", Trouble::name, () -> {}, answer::complete);
    return answer;
  }

  static Supplier<String> throwing(Throwable thrown) {
    return () -> {
      StandingGuardTest.<RuntimeException>sneak(thrown);
      return "";
    };
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> void sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }

  static Throwable[] troubles() {
    return new Throwable[] {new IllegalStateException("scripted"), new StackOverflowError(), new NoClassDefFoundError("x/Missing"),
        new java.io.IOException("scripted")};
  }

  @ParameterizedTest
  @MethodSource("troubles")
  void whateverAPlugThrowsStaysItsOwnTroubleAndIsCounted(Throwable thrown) {
    Guard guard = guard("1S", 1, 5, "10S");
    assertThat(call(guard, throwing(thrown))).isEqualTo("FAILED");
    assertThat(later(guard, throwing(thrown)).join()).isEqualTo("FAILED");
    assertThat(account.usage().requests()).isEqualTo(2);
    assertThat(account.usage().errors()).isEqualTo(2);
  }

  @Test
  void aPlugThatKeepsFailingIsLeftAloneUntilOneCallFindsItWell() {
    Guard guard = guard("10S", 1, 3, "2S");
    for (int i = 0; i < 10; i++) {
      call(guard, throwing(new IllegalStateException("scripted")));
    }
    assertThat(asked).hasValue(3);
    assertThat(guard.quarantined()).isTrue();
    assertThat(call(guard, () -> "well")).isEqualTo("LEFT_ALONE");
    await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(call(guard, () -> "well")).isEqualTo("well!"));
    assertThat(guard.quarantined()).isFalse();
  }

  @Test
  void whileOneCallTriesTheOthersLeaveThePlugAlone() throws Exception {
    Guard guard = guard("10S", 8, 1, "0.001S");
    call(guard, throwing(new IllegalStateException("scripted")));
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch tries = new CountDownLatch(1);
    CompletableFuture<String> trial = new CompletableFuture<>();
    await().atMost(Duration.ofSeconds(40)).until(() -> {
      CompletableFuture<String> one = later(guard, () -> {
        tries.countDown();
        pass(go);
        return "well";
      });
      one.thenAccept(each -> {
        if (each.equals("well!")) {
          trial.complete(each);
        }
      });
      return tries.await(50, TimeUnit.MILLISECONDS);
    });
    assertThat(call(guard, () -> "me too")).isEqualTo("LEFT_ALONE");
    go.countDown();
    assertThat(trial.get(60, TimeUnit.SECONDS)).isEqualTo("well!");
    assertThat(call(guard, () -> "me too")).isEqualTo("me too!");
  }

  private static void pass(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aLateAnswerIsATimeoutAndItsCallIsInterrupted() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    String answer = later(guard("0.5S", 1, 5, "10S"), () -> {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        interrupted.countDown();
      }
      return "late";
    }).get(60, TimeUnit.SECONDS);
    assertThat(answer).isEqualTo("LATE");
    assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(account.usage().timeouts()).isEqualTo(1);
    guards.idle().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @Test
  void moreCallsThanAPlugMayHaveAreRefusedAtOnce() {
    Guard guard = guard("10S", 2, 5, "10S");
    CountDownLatch go = new CountDownLatch(1);
    Supplier<String> slow = () -> {
      pass(go);
      return "done";
    };
    CompletableFuture<String> first = later(guard, slow);
    CompletableFuture<String> second = later(guard, slow);
    assertThat(later(guard, slow)).isCompletedWithValue("BUSY");
    go.countDown();
    assertThat(first.join() + second.join()).isEqualTo("done!done!");
  }

  @Test
  void aHangThatHeedsNoInterruptCostsItsThreadAndNothingElse() throws Exception {
    Semaphore never = new Semaphore(0);
    Guard hanging = guard("0.03S", 64, 1000, "10S");
    for (int i = 0; i < 16; i++) {
      assertThat(later(hanging, () -> {
        never.acquireUninterruptibly();
        return "";
      }).get(60, TimeUnit.SECONDS)).isEqualTo("LATE");
    }
    Account neighbour = guarding.accounts().open("neighbour", "1.0");
    Guard well = new StandingGuard("the neighbour", neighbour, new Limits(Duration.ofSeconds(10), 64, 5, Duration.ofSeconds(10)), guards);
    assertThat(later(well, () -> "well").get(60, TimeUnit.SECONDS)).isEqualTo("well!");
    never.release(16);
    guards.idle().toCompletableFuture().get(60, TimeUnit.SECONDS);
    guarding.accounts().close(neighbour);
  }

  @Test
  void aSpinThatHeedsNoInterruptEndsAtItsCheckpoint() throws Exception {
    IntUnaryOperator spinner = WeaverTest.woven(account.number());
    assertThat(later(guard("0.05S", 1, 5, "10S"), () -> "" + spinner.applyAsInt(1)).get(60, TimeUnit.SECONDS)).isEqualTo("LATE");
    guards.idle().toCompletableFuture().get(60, TimeUnit.SECONDS);
    assertThat(spinner.applyAsInt(0)).as("once it has ended the code may run again").isEqualTo(50);
  }

  @Test
  void whatABlockingPlugSpendsIsPutToItsAccount() {
    guarding.begin();
    Guard guard = guard("10S", 4, 5, "10S");
    later(guard, () -> {
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      long end = threads.getCurrentThreadCpuTime() + 200_000_000;
      long made = 0;
      while (threads.getCurrentThreadCpuTime() < end) {
        made += new byte[100_000].length;
      }
      return "" + made;
    }).join();
    await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
      assertThat(account.usage().cpuNanos()).isGreaterThan(50_000_000);
      assertThat(account.usage().allocatedBytes()).isGreaterThan(10_000_000);
      assertThat(account.usage().cpuShare()).isGreaterThan(0);
    });
    assertThat(guarding.most()).startsWith("plug ");
  }

  @Test
  void whatALoopSpendsOutsideOfPlugsIsTheListenersOwn() {
    AtomicBoolean over = new AtomicBoolean();
    Thread loop = roll.loops().newThread(() -> {
      while (!over.get()) {
        Thread.onSpinWait();
      }
    });
    guarding.begin();
    guarding.accounts().serves(account);
    loop.start();
    try {
      await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(account.usage().cpuNanos()).isGreaterThan(20_000_000));
    } finally {
      over.set(true);
    }
    assertThat(account.stopped()).as("nobody called it").isNull();
  }

  @Test
  void noCallBeginsAfterTheCallersEnd() {
    Guard guard = guard("10S", 1, 5, "10S");
    guards.close();
    assertThat(later(guard, () -> "x")).isCompletedWithValue("BUSY");
  }
}
