package dev.tenon.mixer.dispatch;

import dev.tenon.spi.policy.QuotaAdapter;
import dev.tenon.spi.policy.Quotas;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What the quotas of all handlers in use here stand at. */
public final class Counters implements Quotas {
  private static final int MOST = 10_000;

  private final Adapters adapters;

  public Counters(Adapters adapters) {
    this.adapters = adapters;
  }

  @Override
  public Top top(int most, Predicate<String> wanted) {
    int bounded = Math.max(0, Math.min(MOST, most));
    List<Counted> all = new ArrayList<>();
    Set<String> notes = new LinkedHashSet<>();
    Set<String> told = new HashSet<>();
    long keys = 0;
    for (Handler handler : adapters.inUse()) {
      String name = handler.name();
      if (!wanted.test(name)) {
        continue;
      }
      if (!handler.inspection().countsHere()) {
        notes.add("handler " + name + " is counted by the policy service: ask there");
        continue;
      }
      try {
        Optional<QuotaAdapter.Top> top = handler.inspection().withQuota(quota -> quota.top(bounded));
        // One that is just being replaced by another of its name has the same counters.
        if (top.isPresent() && told.add(name)) {
          keys += top.get().keys();
          top.get().fullest().forEach(each -> all.add(new Counted(name, each)));
          if (!top.get().whole()) {
            notes.add("handler " + name + " has more counters than could be looked at in time; these are the fullest of " + top.get().keys());
          }
        }
      } catch (RuntimeException e) {
        notes.add("handler " + name + " does not tell: " + e.getMessage());
      }
    }
    all.sort(Comparator.comparingDouble((Counted each) -> (double) each.spending().spent() / (double) Math.max(1, each.spending().limit()))
        .reversed()
        .thenComparing(Counted::handler)
        .thenComparing(each -> each.spending().key()));
    return new Top(all.subList(0, Math.min(bounded, all.size())), keys, List.copyOf(notes));
  }

  @Override
  public boolean reset(String handler, String key) {
    boolean there = false;
    for (Handler each : adapters.inUse()) {
      if (each.name().equals(handler) && each.inspection().countsHere()) {
        there |= each.inspection().withQuota(quota -> quota.reset(key)).orElse(false);
      }
    }
    return there;
  }
}
