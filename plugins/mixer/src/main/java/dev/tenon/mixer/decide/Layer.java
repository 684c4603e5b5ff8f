package dev.tenon.mixer.decide;

import dev.tenon.mixer.evaluate.Compiled;
import java.util.Map;
import java.util.Optional;

/**
 * A call that makes attributes, and what it makes. Immutable.
 *
 * @param match of its rule
 * @param bindings attributes, and what of the call's outputs
 */
record Layer(Optional<Compiled> match, Judged call, Map<String, Compiled> bindings) {
  Layer {
    bindings = Map.copyOf(bindings);
  }
}
