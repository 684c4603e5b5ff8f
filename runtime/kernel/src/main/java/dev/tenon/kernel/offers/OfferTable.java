package dev.tenon.kernel.offers;

import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.stream.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What is offered, by type. A type's subscribers see one list after the other, and each list holds
 * either all of a generation's offers of that type or none.
 *
 * <p>Thread-safe. A change is made first, for all types of a generation at once, and told then: subscribers are called
 * on the thread that changes the table, one change of a type at a time.
 */
public final class OfferTable {
  /** One offer and the generation that it belongs to. */
  private record Entry(LentOffers owner, Offer<?> offer) {}

  /** All offers of one type. */
  private static final class Row {
    final Cell<List<Offer<?>>> cell = new Cell<>(List.of());
    private final Object telling = new Object();
    private List<Entry> entries = List.of();

    synchronized void replace(LentOffers out, LentOffers in, List<Offer<?>> offers) {
      List<Entry> next = new ArrayList<>();
      entries.stream().filter(each -> !each.owner().equals(out) && !each.owner().equals(in)).forEach(next::add);
      offers.forEach(each -> next.add(new Entry(in, each)));
      entries = List.copyOf(next);
      cell.put(next.stream().<Offer<?>>map(Entry::offer).toList());
    }

    /** One at a time: when this returns, every subscriber has come back from what was true when it was called. */
    void tell() {
      synchronized (telling) {
        cell.tell();
      }
    }
  }

  private final Map<Class<?>, Row> rows = new ConcurrentHashMap<>();
  private final Set<Class<?>> asked = ConcurrentHashMap.newKeySet();
  private volatile Consumer<Class<?>> listener = type -> {};

  /** An empty table. */
  public OfferTable() {}

  /** What one generation of a module may offer and look up. */
  public LentOffers lend(String module, String version) {
    return new LentOffers(this, module, version);
  }

  /** Who is to know when somebody first asks for a type; called on the thread that asks. */
  public void whenAsked(Consumer<Class<?>> told) {
    listener = told;
    asked.forEach(told);
  }

  /** A module looks for what is offered under a type. */
  void ask(Class<?> type) {
    if (asked.add(type)) {
      listener.accept(type);
    }
  }

  /** Offers for the kernel's own sake, for as long as the process lives. */
  public <T> void offer(Class<T> type, T service, String version) {
    LentOffers own = lend("kernel", version);
    own.offer(type, service);
    own.switchOver(null).run();
  }

  /** Everything offered under a type. */
  @SuppressWarnings("unchecked")
  public <T> Source<List<Offer<T>>> offers(Class<T> type) {
    Cell<List<Offer<?>>> cell = row(type).cell;
    return subscriber -> cell.subscribe(list -> subscriber.accept((List<Offer<T>>) (List<?>) list));
  }

  /** Takes one generation's offers of a type out and puts another's in, in one step; {@link #tell} tells of it. */
  void replace(Class<?> type, LentOffers out, LentOffers in, List<Offer<?>> offers) {
    row(type).replace(out, in, offers);
  }

  /** Tells the subscribers of a type what is offered now. */
  void tell(Class<?> type) {
    row(type).tell();
  }

  private Row row(Class<?> type) {
    return rows.computeIfAbsent(type, ignored -> new Row());
  }
}
