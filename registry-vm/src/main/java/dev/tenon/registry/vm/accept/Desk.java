package dev.tenon.registry.vm.accept;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where streams report. For one holder the calls come in order: open, beats, then leave or broke. None
 * of them blocks.
 */
public interface Desk {
  /** A stream has begun. */
  void open(Holder holder);

  /** A beat came in. */
  void beat(Holder holder, Claim claim);

  /** The client closed its side in good order: its lease ends. */
  void leave(Holder holder);

  /** The stream is gone; its lease stays until it expires. */
  void broke(Holder holder);

  /**
   * An operator registers a workload that has no agent, or changes what he said of it.
   *
   * @param done told, when that is in force, whether anything changed; not called when it is refused
   * @return why not; empty when it is accepted
   */
  Optional<Ending> register(Registrant registrant, Consumer<Boolean> done);

  /**
   * An operator takes back what he registered.
   *
   * @param key {@code namespace/name} of the workload
   * @param done called when that is in force; not when it is refused
   * @return why not; empty when it is accepted
   */
  Optional<Ending> deregister(String key, Runnable done);
}
