package dev.tenon.kernel.offers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.spi.lifecycle.Offer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OfferTableTest {
  private final OfferTable table = new OfferTable();

  private LentOffers generation(String text, int number) {
    LentOffers lent = table.lend("module", Integer.toString(number));
    lent.offer(CharSequence.class, text);
    lent.offer(Number.class, number);
    return lent;
  }

  private <T> List<T> offered(Class<T> type) {
    List<T> seen = new ArrayList<>();
    table.offers(type).subscribe(all -> all.stream().map(Offer::service).forEach(seen::add)).close();
    return seen;
  }

  @Test
  void whoeverIsToldOfOneTypeSeesTheOthersOfTheSameGeneration() {
    LentOffers old = generation("one", 1);
    old.switchOver(null).run();
    List<String> seen = new ArrayList<>();
    table.offers(CharSequence.class).subscribe(all -> seen.add(all.getFirst().service() + " with " + offered(Number.class)));
    table.offers(Number.class).subscribe(all -> seen.add(all.getFirst().service() + " with " + offered(CharSequence.class)));
    LentOffers next = generation("two", 2);
    Runnable telling = next.switchOver(old);
    assertThat(offered(CharSequence.class)).as("nobody who asks is given the old one").containsExactly("two");
    assertThat(offered(Number.class)).containsExactly(2);
    assertThat(seen).containsExactly("one with [1]", "1 with [one]");
    telling.run();
    assertThat(seen).containsExactly("one with [1]", "1 with [one]", "two with [2]", "2 with [two]");
  }

  @Test
  void whatTheNextGenerationDoesNotOfferAnyMoreIsGone() {
    LentOffers old = generation("one", 1);
    old.switchOver(null).run();
    List<Integer> seen = new ArrayList<>();
    table.offers(Number.class).subscribe(all -> seen.add(all.size()));
    LentOffers next = table.lend("module", "2");
    next.offer(CharSequence.class, "two");
    next.switchOver(old).run();
    assertThat(seen).containsExactly(1, 0);
    old.close();
    assertThat(offered(CharSequence.class)).containsExactly("two");
    next.close();
    assertThat(offered(CharSequence.class)).isEmpty();
  }
}
