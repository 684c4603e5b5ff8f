package dev.tenon.spi.policy;

import java.util.List;

/**
 * What the quotas of this process stand at, for operators. Implemented by mixer; the handlers are those that
 * it has in use here, whoever asks them. Thread-safe; may block for as long as an adapter may.
 */
public interface Quotas {
  /**
   * What was spent, over all handlers, the fullest first.
   *
   * @param most how many; at most 10,000 are given
   */
  List<Counted> top(int most);

  /**
   * Forgets what was spent.
   *
   * @param handler {@code name.namespace}
   * @param key as in {@link Counted}
   * @return whether there was such a counter
   */
  boolean reset(String handler, String key);

  /** A counter of a handler, {@code name.namespace}. */
  record Counted(String handler, QuotaAdapter.Spending spending) {}
}
