package dev.tenon.mixer.dispatch;

import dev.tenon.spi.policy.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Verdicts that may be used again, for as long and as often as their adapters say. What a handler judges by is
 * the values of an instance, which were evaluated from the attributes that its expressions reference: requests
 * that differ in others alone have the same key. What an adapter made of other attributes is not kept ({@link Watched}). Thread-safe.
 */
public final class Verdicts {
  private static final int MOST = 10_000;

  private final ConcurrentMap<Key, Held> held = new ConcurrentHashMap<>();

  private record Key(String handler, String instance, Map<String, Object> values) {}

  private record Held(Answer answer, long until, AtomicInteger uses) {}

  /** An answer that still holds; it is used once more by that. */
  public @Nullable Answer known(String handler, Asked asked, long now) {
    Key key = key(handler, asked);
    Held found = held.get(key);
    if (found == null) {
      return null;
    }
    if (found.until - now <= 0 || found.uses.getAndDecrement() <= 0) {
      held.remove(key, found);
      return null;
    }
    return found.answer;
  }

  /** Keeps an answer that holds for more than this request. */
  public void keep(String handler, Asked asked, Answer answer, long sent, long now) {
    Verdict.@Nullable Validity validity = switch (answer) {
      case Answer.Said said when said.verdict() instanceof Verdict.Allow allow -> allow.validity();
      case Answer.Said said when said.verdict() instanceof Verdict.Deny deny -> deny.validity();
      default -> Verdict.Validity.ONCE;
    };
    if (validity == null || validity.time().compareTo(Duration.ZERO) <= 0 || validity.uses() <= 1) {
      return;
    }
    if (held.size() >= MOST) {
      held.values().removeIf(each -> each.until - now <= 0);
      if (held.size() >= MOST) {
        held.clear();
      }
    }
    held.put(key(handler, asked), new Held(answer, sent + validity.time().toNanos(), new AtomicInteger(validity.uses() - 1)));
  }

  /** Forgets all. */
  public void clear() {
    held.clear();
  }

  private static Key key(String handler, Asked asked) {
    return new Key(handler, asked.instance().name(), asked.instance().values());
  }
}
