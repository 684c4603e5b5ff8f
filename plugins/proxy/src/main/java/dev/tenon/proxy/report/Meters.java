package dev.tenon.proxy.report;

import java.util.HashMap;
import java.util.Map;

/** All that one loop counts, clusters' own counters aside. */
public final class Meters {
  private static final int MOST_SERIES = 4096;

  private final Map<SeriesKey, Series> series = new HashMap<>();
  private final Series overflow = new Series(new SeriesKey(false, "", "other"));

  public long connections;
  public long connectionsActive;
  public long requests;
  public long requestsActive;

  /** Plug-ins that ought to have looked at a request and were absent or failed. */
  public long filterFailures;

  /** Answers by the first digit of their status. */
  public final long[] byClass = new long[6];

  /** The series of a kind of request; beyond some thousand kinds all others share one. */
  public Series series(SeriesKey key) {
    Series found = series.get(key);
    if (found == null) {
      if (series.size() >= MOST_SERIES) {
        return overflow;
      }
      found = new Series(key);
      series.put(key, found);
    }
    return found;
  }

  /** Counts an answer. */
  public void answered(int status) {
    int digit = status / 100;
    if (digit >= 1 && digit <= 5) {
      byClass[digit]++;
    }
  }

  /** Adds all to the totals; called on the loop. */
  public void addTo(Totals totals) {
    totals.connections += connections;
    totals.connectionsActive += connectionsActive;
    totals.requests += requests;
    totals.requestsActive += requestsActive;
    totals.filterFailures += filterFailures;
    for (int i = 0; i < byClass.length; i++) {
      totals.byClass[i] += byClass[i];
    }
    series.values().forEach(each -> each.addTo(totals.of(each.key())));
    overflow.addTo(totals.of(overflow.key()));
  }
}
