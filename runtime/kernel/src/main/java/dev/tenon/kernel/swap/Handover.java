package dev.tenon.kernel.swap;

import dev.tenon.kernel.keep.Journal;
import dev.tenon.kernel.load.Refused;
import dev.tenon.spi.lifecycle.Carry;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * State on its way from an old generation to its successor. A piece that is lost is told and counts for
 * nothing else: what the new generation serves is worth more than what it remembers.
 */
final class Handover {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private final Generation from;
  private final Generation to;
  private final Guard guard;
  private final Journal journal;
  private boolean over;

  Handover(Generation from, Generation to, Guard guard, Journal journal) {
    this.from = from;
    this.to = to;
    this.guard = guard;
    this.journal = journal;
  }

  /** Moves what there is to be moved now. */
  void move() throws InterruptedException {
    Carry giver = from.carry();
    Carry taker = to.carry();
    if (over || giver == null || taker == null) {
      return;
    }
    try {
      String form = guard.call("the name of its state", from.loader(), giver::form, PATIENCE);
      if (!guard.call("its judgement of the state", to.loader(), () -> taker.takes(form), PATIENCE)) {
        throw new Refused("the state of " + from.jar.build() + " has the form " + form + ", which " + to.jar.build() + " does not take");
      }
      Map<String, Object> piece = Piece.copy(guard.call("the giving of its state", from.loader(), giver::give, PATIENCE));
      if (!piece.isEmpty()) {
        guard.call("the taking of its state", to.loader(), () -> taken(taker, form, piece), PATIENCE);
      }
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      over = true;
      journal.trouble(from.jar, "not-carried", Generation.reason(e) + "; it begins anew");
    }
  }

  private static @Nullable Void taken(Carry taker, String form, Map<String, Object> piece) {
    taker.take(form, piece);
    return null;
  }
}
