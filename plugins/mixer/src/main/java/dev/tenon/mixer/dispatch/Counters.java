package dev.tenon.mixer.dispatch;

import dev.tenon.spi.policy.Quotas;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What the quotas of all handlers in use here stand at. */
public final class Counters implements Quotas {
  private static final int MOST = 10_000;

  private final Adapters adapters;

  public Counters(Adapters adapters) {
    this.adapters = adapters;
  }

  @Override
  public List<Counted> top(int most) {
    int wanted = Math.max(0, Math.min(MOST, most));
    List<Counted> all = new ArrayList<>();
    for (Handler handler : adapters.inUse()) {
      handler.withQuota(quota -> quota.top(wanted), List.<dev.tenon.spi.policy.QuotaAdapter.Spending>of())
          .forEach(each -> all.add(new Counted(handler.name(), each)));
    }
    all.sort(Comparator.comparingDouble((Counted each) -> (double) each.spending().spent() / (double) Math.max(1, each.spending().limit()))
        .reversed()
        .thenComparing(Counted::handler)
        .thenComparing(each -> each.spending().key()));
    return List.copyOf(all.subList(0, Math.min(wanted, all.size())));
  }

  @Override
  public boolean reset(String handler, String key) {
    boolean there = false;
    for (Handler each : adapters.inUse()) {
      if (each.name().equals(handler)) {
        there |= each.withQuota(quota -> quota.reset(key), false);
      }
    }
    return there;
  }
}
