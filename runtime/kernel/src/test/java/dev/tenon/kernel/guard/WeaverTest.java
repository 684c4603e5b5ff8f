package dev.tenon.kernel.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.kernel.checkpoint.Checkpoint;
import dev.tenon.kernel.checkpoint.Stopped;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Woven code does what it did, and can be ended. */
class WeaverTest {
  private final int number = Checkpoint.number();

  /** Loads the sample's code again, with checkpoints. */
  static IntUnaryOperator woven(int number) throws Exception {
    String name = Spinner.class.getName();
    byte[] code;
    try (InputStream in = Spinner.class.getResourceAsStream("Spinner.class")) {
      code = Weaver.weave(java.util.Objects.requireNonNull(in).readAllBytes(), number);
    }
    ClassLoader loader = new ClassLoader(Spinner.class.getClassLoader()) {
      @Override
      protected Class<?> loadClass(String wanted, boolean resolve) throws ClassNotFoundException {
        return wanted.equals(name) && findLoadedClass(name) == null ? defineClass(name, code, 0, code.length) : super.loadClass(wanted, resolve);
      }
    };
    return (IntUnaryOperator) loader.loadClass(name).getConstructor().newInstance();
  }

  @AfterEach
  void forget() {
    Checkpoint.forget(number);
  }

  @Test
  void wovenCodeComputesWhatItDid() throws Exception {
    assertThat(woven(number).applyAsInt(0)).isEqualTo(new Spinner().applyAsInt(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void whateverSpinsEndsWhenItsThreadIsCondemned(int way) throws Exception {
    IntUnaryOperator spinner = woven(number);
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    Thread thread = Thread.ofPlatform().daemon().start(() -> {
      try {
        var _ = spinner.applyAsInt(way);
      } catch (Throwable t) {
        ended.complete(t);
      }
    });
    Checkpoint.condemn(number, thread);
    assertThat(ended.get(60, TimeUnit.SECONDS)).isInstanceOf(Stopped.class);
  }

  @Test
  void onlyTheCondemnedThreadEndsAndOnlyInThatGeneration() throws Exception {
    IntUnaryOperator spinner = woven(number);
    int other = Checkpoint.number();
    Checkpoint.condemn(number, new Thread(() -> {}));
    Checkpoint.condemn(other, Thread.currentThread());
    try {
      assertThat(spinner.applyAsInt(0)).isEqualTo(50);
    } finally {
      Checkpoint.forget(other);
    }
  }

  @Test
  void aWholeGenerationCanBeCondemnedAndAThreadPardoned() throws Exception {
    IntUnaryOperator spinner = woven(number);
    Checkpoint.condemn(number, Thread.currentThread());
    assertThatThrownBy(() -> spinner.applyAsInt(0)).isInstanceOf(Stopped.class);
    Checkpoint.pardon(number, Thread.currentThread());
    assertThat(spinner.applyAsInt(0)).isEqualTo(50);
    Checkpoint.condemn(number);
    assertThatThrownBy(() -> spinner.applyAsInt(0)).isInstanceOf(Stopped.class);
  }
}
