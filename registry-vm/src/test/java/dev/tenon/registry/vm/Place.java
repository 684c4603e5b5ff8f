package dev.tenon.registry.vm;

import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.registry.LeaseStore;
import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.stream.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What control planes share, in memory: it compares what a writer saw, and says who holds what, as Consul's does. */
final class Place {
  private record Written(String text, String holder, long version) {}

  private final Map<String, Written> all = new HashMap<>();
  private final Set<String> gone = new HashSet<>();
  private final List<Store> stores = new ArrayList<>();
  private long versions;

  /** What one control plane sees of it. */
  final class Store implements LeaseStore {
    private final String who;
    private final Cell<View> view = new Cell<>();
    private final Map<String, Long> seen = new HashMap<>();
    final Cell<List<Offer<LeaseStore>>> offers = new Cell<>(List.of(new Offer<>("shared", "1", this)));
    private boolean away;

    private Store(String who) {
      this.who = who;
    }

    @Override
    public String name() {
      return "shared";
    }

    @Override
    public Source<View> view() {
      return subscriber -> {
        synchronized (Place.this) {
          tell();
        }
        return view.subscribe(subscriber);
      };
    }

    private void tell() {
      if (away) {
        return;
      }
      Map<String, Kept> now = new HashMap<>();
      seen.clear();
      all.forEach((key, each) -> {
        seen.put(key, each.version);
        now.put(key, new Kept(each.text, gone.contains(each.holder) ? Holder.NOBODY : each.holder.equals(who) ? Holder.OURS : Holder.ANOTHER));
      });
      view.set(new View(now, ""));
    }

    @Override
    public void write(Map<String, Optional<String>> texts) throws IOException {
      synchronized (Place.this) {
        if (away) {
          throw new IOException("it is away");
        }
        texts.forEach((key, text) -> {
          Written there = all.get(key);
          if (there != null && there.version != seen.getOrDefault(key, 0L) && !there.holder.equals(who)) {
            return;
          }
          if (text.isPresent()) {
            all.put(key, new Written(text.get(), who, ++versions));
          } else {
            all.remove(key);
          }
        });
        stores.forEach(Store::tell);
      }
    }

    /** It does not answer from now on, or does again. */
    void away(boolean now) {
      synchronized (Place.this) {
        away = now;
        tell();
      }
    }
  }

  /** For a control plane of this name. */
  synchronized Store store(String who) {
    Store store = new Store(who);
    stores.add(store);
    return store;
  }

  /** A control plane is known to be gone. */
  synchronized void dies(String who) {
    gone.add(who);
    stores.forEach(Store::tell);
  }

  /** Who holds a key. */
  synchronized String holder(String key) {
    return Optional.ofNullable(all.get(key)).map(Written::holder).orElse("");
  }

  synchronized Set<String> keys() {
    return Set.copyOf(all.keySet());
  }
}
