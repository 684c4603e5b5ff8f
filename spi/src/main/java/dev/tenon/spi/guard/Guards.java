package dev.tenon.spi.guard;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Guards for the plug-ins that one generation of a module calls. Thread-safe. */
public interface Guards {
  /**
   * Stands a guard round a plug. What the plug costs is put to the account of the module whose class
   * loader its class is of. The guard keeps no reference to the plug.
   *
   * @param plug the object that will be called; kept only as long as this method runs
   * @param name what the log calls it, for example {@code handler quota.default}
   */
  Guard over(Object plug, String name, Limits limits);

  /** Done when no call that was begun with these guards is under way. */
  CompletionStage<Void> idle();

  /**
   * Why this process should be given no work: one line for each event loop that a plug holds and
   * cannot be made to let go. Empty while all is well. Costs a volatile read.
   */
  List<String> hung();

  /** What each module of the process has cost so far, in the order of their names. */
  List<Usage> usage();
}
