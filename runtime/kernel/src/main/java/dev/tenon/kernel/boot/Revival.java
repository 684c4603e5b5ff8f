package dev.tenon.kernel.boot;

import dev.tenon.kernel.keep.Ledger;
import dev.tenon.kernel.load.Refused;
import dev.tenon.kernel.load.Store;
import dev.tenon.kernel.plan.Given;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes what served before the process was started runnable again, from the jars that were kept of it. */
final class Revival {
  private static final Logger log = LoggerFactory.getLogger(Revival.class);
  private final Ledger ledger;
  private final Store store;

  Revival(Ledger ledger, Store store) {
    this.ledger = ledger;
    this.store = store;
  }

  /** By place, what served last, is not among these and does not wait in the distribution; judged anew like any other jar. */
  Map<String, Given> beside(List<Given> jars, Distribution distribution) {
    Set<String> there = new HashSet<>();
    jars.forEach(each -> there.add(each.place() + " " + each.hash()));
    Map<String, Given> good = new HashMap<>();
    ledger.good().forEach((place, build) -> {
      if (!there.contains(place + " " + build.hash()) && !distribution.holds(place, build.hash())) {
        try {
          good.put(place, store.take(build.jar(), build.overlay(), 0));
        } catch (IOException | Refused e) {
          log.warn("{} {} served last, but cannot be used: {}", build.module(), build.build(), e.toString());
        }
      }
    });
    return good;
  }
}
