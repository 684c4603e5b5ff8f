package dev.tenon.samples.countquota;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.lifecycle.Carry;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Charge;
import dev.tenon.spi.policy.Grant;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.QuotaAdapter;
import dev.tenon.spi.policy.Template;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Grants {@code amount} in each {@code window} to each set of dimensions; counts survive a swap of the jar. */
public final class CountQuota implements AdapterFactory, Carry {
  private static final int MOST_COUNTS = 100_000;
  private final Map<String, Long> counts = new HashMap<>(); // keys begin with the end of their window
  private final Map<String, Object> notGiven = new HashMap<>();

  @Override public String name() { return "countquota"; }
  @Override public Set<Template> templates() { return Set.of(Template.QUOTA); }

  @Override public QuotaAdapter build(Fields params) {
    long amount = params.whole("amount", 1, 1_000_000_000).orElse(100L);
    long window = Math.max(1, params.duration("window").orElse(Duration.ofMinutes(1)).toMillis());
    return (instance, charge) -> take(instance, charge, amount, window);
  }

  private synchronized Grant take(Instance instance, Charge charge, long amount, long window) {
    long now = System.currentTimeMillis();
    long end = (now / window + 1) * window;
    var dimensions = new TreeMap<>((Map<?, ?>) instance.values().get("dimensions"));
    String key = String.join(" ", "" + end, "" + amount, "" + window, instance.name(), dimensions.toString());
    String question = charge.deduplicationId().isEmpty() ? "" : key + " #" + charge.deduplicationId();
    if (counts.containsKey(question)) return new Grant(counts.get(question), Duration.ofMillis(end - now));
    if (counts.size() >= MOST_COUNTS) counts.keySet().removeIf(each -> Long.parseLong(each.split(" ", 2)[0]) <= now);
    long left = counts.size() < MOST_COUNTS || counts.containsKey(key) ? amount - counts.getOrDefault(key, 0L) : 0;
    long granted = left >= charge.amount() ? charge.amount() : charge.bestEffort() ? Math.max(0, left) : 0;
    if (granted > 0) add(key, granted);
    if (granted > 0 && !question.isEmpty()) add(question, granted);
    return new Grant(granted, Duration.ofMillis(end - now));
  }

  private void add(String key, long granted) {
    counts.merge(key, granted, Long::sum);
    notGiven.merge(key, granted, (old, more) -> (Long) old + (Long) more);
  }

  @Override public String form() { return "counts/1"; }
  @Override public synchronized Map<String, Object> give() {
    Map<String, Object> piece = Map.copyOf(notGiven);
    notGiven.clear();
    return piece;
  }
  @Override public synchronized void take(String form, Map<String, Object> piece) { piece.forEach((key, n) -> add(key, (Long) n)); }
}
