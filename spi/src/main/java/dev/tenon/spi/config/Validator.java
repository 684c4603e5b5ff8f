package dev.tenon.spi.config;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Plug point for a module that gives a kind its meaning: galley asks it before an object is accepted.
 * Thread-safe; pure.
 */
public interface Validator {
  /** The kinds it knows, as {@code config.istio.io/rule} (group without version). */
  Set<String> kinds();

  /**
   * What is to be said of one object; an error keeps it out.
   *
   * @param object of one of {@link #kinds}; one that is only another way of writing such an object (Mixer's
   *     old kinds) has its own kind's name, and the spec that it would have as one
   */
  List<Finding> validate(ConfigObject object);

  /**
   * What is to be said of objects beside each other, by the object that it is said of. An error refuses
   * the set that would bring it about; of objects that lie in files already it is told.
   *
   * @param objects every object that is in force or would be, of whatever kind
   */
  default Map<ConfigObject, List<Finding>> validateTogether(Collection<ConfigObject> objects) {
    return Map.of();
  }
}
