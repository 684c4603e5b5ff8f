package dev.tenon.proxy.live;

import dev.tenon.proxy.compile.Table;
import dev.tenon.spi.policy.PolicyEngine;
import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.stream.Source;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The holder of the present generation.
 *
 * <p>Threading: {@link #publish} and {@link #policies} from any thread; {@link #present} from any
 * thread without a lock. {@link #changes} tells of generations that came through {@link #publish}, on
 * the publisher's thread.
 */
public final class Live {
  private final Cell<Table> tables = new Cell<>();
  private final CompletableFuture<Void> complete = new CompletableFuture<>();
  private volatile Generation present = Generation.NONE;

  /** The generation that a request beginning now works by. */
  public Generation present() {
    return present;
  }

  /** Replaces everything that the control plane has said. */
  public void publish(Table table) {
    synchronized (this) {
      present = new Generation(present.number() + 1, table, present.policies());
    }
    tables.set(table);
  }

  /**
   * Replaces the compiled policies. Requests under way keep what they have, so a policy that left is
   * to be closed only after that; {@link PolicyEngine.Policy#close} waits for checks by itself.
   */
  public synchronized void policies(Map<String, PolicyEngine.Policy> policies) {
    present = new Generation(present.number() + 1, present.table(), policies);
  }

  /** Says that all that the first listeners refer to is there: requests can be served. */
  public void completed() {
    complete.complete(null);
  }

  /** Done after the first {@link #completed}. */
  public CompletionStage<Void> firstComplete() {
    return complete.minimalCompletionStage();
  }

  /** Each table, the present one first. */
  public Source<Table> changes() {
    return tables;
  }
}
