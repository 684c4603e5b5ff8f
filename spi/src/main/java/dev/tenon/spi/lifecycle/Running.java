package dev.tenon.spi.lifecycle;

import java.time.Duration;
import java.util.OptionalLong;
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
   * What a synthetic request costs this generation now, in nanoseconds of CPU; empty when it has none. Asked
   * of the generation that serves, right before a newer one is warmed: the answer is that one's goal. May
   * use the calling thread until the deadline.
   */
  default OptionalLong cost(Duration deadline) {
    return OptionalLong.empty();
  }

  /**
   * Runs this generation's own code until it is about as fast as the one that it replaces. Called between
   * ready and the switch when an older generation serves, on a thread of the kernel's that it may use. Nothing
   * outside notices: no upstream, no log, no metric, no quota. It paces itself, since the traffic needs the
   * cores, and comes back at the deadline as warm as it is by then.
   *
   * @param goal what {@link #cost} said of the older generation
   * @return one line for the module's history; empty when there was nothing to warm
   * @throws Exception when its own code fails it, or it comes back much too late: the swap is undone
   */
  default String warm(OptionalLong goal, Duration deadline) throws Exception {
    return "";
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
   * Whether it gives its listening addresses back itself as it drains at the process's end, in an order of its own;
   * then it accepts connections until it has. Else the kernel stops accepting for it before it asks it to drain.
   */
  default boolean endsListeningItself() {
    return false;
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
