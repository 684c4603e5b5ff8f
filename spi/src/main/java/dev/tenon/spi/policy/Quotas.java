package dev.tenon.spi.policy;

import java.util.List;
import java.util.function.Predicate;

/**
 * What the quotas of this process stand at, for operators. Implemented by mixer; the handlers are those that
 * it has in use here, whoever asks them. Thread-safe; may block for as long as an adapter may.
 */
public interface Quotas {
  /**
   * What was spent, over all handlers.
   *
   * @param most how many; at most 10,000 are given
   * @param wanted which handlers, by {@code name.namespace}
   */
  Top top(int most, Predicate<String> wanted);

  /**
   * Forgets what was spent.
   *
   * @param handler {@code name.namespace}
   * @param key as in {@link Counted}
   * @return whether there was such a counter
   */
  boolean reset(String handler, String key);

  /**
   * What counters stand at.
   *
   * @param fullest the fullest first
   * @param keys how many counters have spent anything, as far as they were looked at
   * @param notes what is not told and why, one line for each such handler
   */
  record Top(List<Counted> fullest, long keys, List<String> notes) {
    public Top {
      fullest = List.copyOf(fullest);
      notes = List.copyOf(notes);
    }
  }

  /** A counter of a handler, {@code name.namespace}. */
  record Counted(String handler, QuotaAdapter.Spending spending) {}
}
