package dev.tenon.mixer.serve;

import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.rules.RuleSet;
import dev.tenon.spi.rules.Rules;
import dev.tenon.spi.stream.Source;
import dev.tenon.spi.stream.Subscription;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Follows the rules of whoever offers them; while nobody does, the last ones stay. */
public final class Following implements AutoCloseable {
  private final Consumer<RuleSet> taken;
  private final Subscription offers;
  private @Nullable Subscription rules;
  private boolean closed;

  public Following(Source<List<Offer<Rules>>> offers, Consumer<RuleSet> taken) {
    this.taken = taken;
    this.offers = offers.subscribe(this::present);
  }

  private synchronized void present(List<Offer<Rules>> all) {
    if (rules != null) {
      rules.close();
      rules = null;
    }
    if (!all.isEmpty() && !closed) {
      rules = all.getFirst().service().rules().subscribe(taken);
    }
  }

  @Override
  public void close() {
    offers.close();
    synchronized (this) {
      closed = true;
      if (rules != null) {
        rules.close();
        rules = null;
      }
    }
  }
}
