package dev.tenon.registry.vm;

import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.rules.RuleSet;
import dev.tenon.spi.rules.Rules;
import dev.tenon.spi.rules.WorkloadGroup;
import dev.tenon.spi.stream.Source;
import dev.tenon.spi.stream.Subscription;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The WorkloadGroups that are in force; those that were stay while nobody says. */
final class Templates implements AutoCloseable {
  private final Consumer<Map<String, WorkloadGroup>> told;
  private final Subscription offers;
  private @Nullable Rules present;
  private @Nullable Subscription rules;
  private Map<String, WorkloadGroup> last = Map.of();

  Templates(Source<List<Offer<Rules>>> offered, Consumer<Map<String, WorkloadGroup>> told) {
    this.told = told;
    this.offers = offered.subscribe(this::offered);
  }

  @SuppressWarnings("ReferenceEquality") // another object is another generation
  private synchronized void offered(List<Offer<Rules>> all) {
    Rules next = all.isEmpty() ? null : all.getFirst().service();
    if (next == present) {
      return;
    }
    end();
    present = next;
    if (next != null) {
      rules = next.rules().subscribe(each -> say(next, each));
    }
  }

  @SuppressWarnings("ReferenceEquality")
  private synchronized void say(Rules from, RuleSet now) {
    if (from == present && !now.workloadGroups().equals(last)) {
      last = now.workloadGroups();
      told.accept(last);
    }
  }

  private void end() {
    if (rules != null) {
      rules.close();
      rules = null;
    }
    present = null;
  }

  @Override
  public void close() {
    offers.close();
    synchronized (this) {
      end();
    }
  }
}
