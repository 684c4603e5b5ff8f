package dev.tenon.mixer.dispatch;

import dev.tenon.spi.policy.Grant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where handlers are asked whose state all proxies share. Thread-safe. */
public interface Far {
  /**
   * The answer, if it is known here: what was granted ahead is spent, or an earlier answer still holds.
   *
   * @param handler its full name
   * @return null when somebody has to be asked
   */
  @Nullable Answer known(String handler, Asked asked);

  /**
   * Asks.
   *
   * @param told the answer, once, on any thread; at the latest at the deadline
   */
  void ask(String handler, Asked asked, Consumer<Answer> told);

  /** How a quota stands as far as that is known here; nothing is asked and nothing is taken. */
  Grant.Standing standing(String handler, Asked asked);
}
