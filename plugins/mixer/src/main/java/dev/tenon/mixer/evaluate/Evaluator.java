package dev.tenon.mixer.evaluate;

import dev.tenon.spi.policy.Attributes;
import org.jspecify.annotations.Nullable;

/** One node of a compiled expression. Immutable, thread-safe as far as the attributes are. */
abstract class Evaluator {
  /** The value, or a {@link Failure}; an absent attribute is a failure. */
  abstract Object evaluate(Attributes attributes);

  /**
   * What stands left of {@code |}: the value, a {@link Failure}, or null to go on to the right. What
   * can be absent gives null then; operations do too, after they were computed: so it was in Mixer.
   */
  @Nullable Object attempt(Attributes attributes) {
    Object value = evaluate(attributes);
    return value instanceof Failure ? value : null;
  }
}
