package dev.tenon.registry.vm;

import dev.tenon.spi.lifecycle.Leadership;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.stream.Source;
import dev.tenon.spi.stream.Subscription;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whether this process leads, by whoever can tell; it does where nobody can. */
final class Follow implements AutoCloseable {
  private final Consumer<Boolean> told;
  private final Subscription offers;
  private @Nullable Leadership present;
  private @Nullable Subscription lead;

  /** Begins to listen; the first word comes before this returns. */
  Follow(Source<List<Offer<Leadership>>> offered, Consumer<Boolean> told) {
    this.told = told;
    this.offers = offered.subscribe(this::offered);
  }

  @SuppressWarnings("ReferenceEquality") // another object is another generation
  private synchronized void offered(List<Offer<Leadership>> all) {
    Leadership next = all.isEmpty() ? null : all.getFirst().service();
    if (next == present && lead != null) {
      return;
    }
    end();
    present = next;
    if (next == null) {
      told.accept(true);
    } else {
      // Nobody leads before the new one has said so.
      told.accept(false);
      lead = next.lead().subscribe(each -> say(next, each.ours()));
    }
  }

  @SuppressWarnings("ReferenceEquality")
  private synchronized void say(Leadership from, boolean ours) {
    if (from == present) {
      told.accept(ours);
    }
  }

  private void end() {
    if (lead != null) {
      lead.close();
      lead = null;
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
