package dev.tenon.spi.guard;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Stands round the calls of one plug. Whatever a plug throws ends here: exceptions, linkage errors,
 * overflowing stacks. After some failures in a row the plug is left alone for a while, then one call
 * tries. Thread-safe.
 */
public interface Guard {
  /**
   * One call of a plug. Keep it in a constant: a lambda that captures nothing costs nothing.
   *
   * @param <P> the plug
   * @param <A> what it is asked
   * @param <R> what it answers
   */
  @FunctionalInterface
  interface Call<P, A, R> {
    /**
     * Asks the plug.
     *
     * @return its answer; null counts as a failure of the plug
     * @throws Exception counts as a failure of the plug too
     */
    @Nullable R ask(P plug, A argument) throws Exception;
  }

  /**
   * Calls a plug that only computes, on this thread. On an event loop a call that does not return in
   * some 200 ms is ended, and its module is not called again until its jar is replaced.
   *
   * @param instead what to answer when there is no answer of the plug
   */
  <P, A, R> R call(Call<P, A, R> call, P plug, A argument, Function<Trouble, R> instead);

  /**
   * Calls a plug that may block, on a thread of its own, with the plug's class loader as context.
   *
   * @param instead what to answer when there is no answer of the plug in time
   * @param ended run once, when the plug holds nothing of this call any more: before {@code told} when
   *     it was not asked, else when the call itself has come back, be it after the deadline
   * @param told the answer, once, on any thread; at the latest at the deadline
   */
  <P, A, R> void callLater(
      Call<P, A, R> call, P plug, A argument, Function<Trouble, R> instead, Runnable ended, Consumer<? super R> told);

  /** Whether the plug is left alone now. */
  boolean quarantined();
}
