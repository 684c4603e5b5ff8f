package dev.tenon.proxy.plug;

import java.util.concurrent.CompletionStage;

/** The event loops on which plug-ins are called. */
@FunctionalInterface
public interface Loops {
  /**
   * Has each loop come round: it ends the call that it is in and drops what it keeps of plug-ins whose
   * slot holds them no more. Done when all have; a loop that has ended counts as one that has.
   */
  CompletionStage<Void> comeRound();
}
