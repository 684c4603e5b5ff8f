package dev.tenon.proxy.subscribe;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes what the control plane sends. Implemented by the stage that compiles it.
 *
 * <p>Threading: never called concurrently; each call sees the effects of those before it.
 */
public interface Intake {
  /**
   * Applies one response. Each resource stands alone: what is not named in the result is in force.
   *
   * @param removed names of resources that are no more, or never were
   * @return what was refused; empty means that all is accepted
   */
  List<Rejection> receive(Kind kind, List<Resource> changed, List<String> removed);

  /** What is held of a kind, as version by name; told to the server on reconnecting. */
  Map<String, String> versions(Kind kind);

  /** Which resources are wanted of a kind that is asked for by name. Immutable; the same object while nothing changes. */
  Set<String> wanted(Kind kind);
}
