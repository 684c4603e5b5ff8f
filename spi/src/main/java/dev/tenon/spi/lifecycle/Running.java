package dev.tenon.spi.lifecycle;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One started generation of a module. */
public interface Running extends AutoCloseable {
  /**
   * Done when this generation can take over: a registry has its whole catalog, a proxy its first
   * configuration. Failing, or not being done within the module's deadline, rolls the swap back.
   */
  default CompletionStage<Void> ready() {
    return CompletableFuture.completedStage(null);
  }

  /**
   * Nobody takes over: the module is removed or the process is ending, in which the modules of a
   * profile are drained one after another, the last one of its list first. Finish what runs. Done when
   * nothing is left, at the latest at the deadline.
   */
  default CompletionStage<Void> drain(Duration deadline) {
    return CompletableFuture.completedStage(null);
  }

  /**
   * A newer generation has taken over: finish what runs, hand over what can be handed over. Done when
   * nothing is left, at the latest at the deadline. Unless a module says otherwise this is a {@link
   * #drain}; one that would say good-bye to the outside when it drains keeps silent here.
   */
  default CompletionStage<Void> handOver(Duration deadline) {
    return drain(deadline);
  }

  /** Frees everything. Works after a failed start or an unfinished drain; twice is harmless. */
  @Override
  void close();
}
