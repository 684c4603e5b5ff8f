package dev.tenon.spi.config;

import java.util.List;
import java.util.Set;

/**
 * Plug point for a module that gives a kind its meaning: galley asks it before an object is accepted.
 * Thread-safe; pure.
 */
public interface Validator {
  /** The kinds it knows, as {@code config.istio.io/rule} (group without version). */
  Set<String> kinds();

  /** What is to be said of one object; an error keeps it out. */
  List<Finding> validate(ConfigObject object);
}
