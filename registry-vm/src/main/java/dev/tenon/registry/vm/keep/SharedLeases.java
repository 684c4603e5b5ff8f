package dev.tenon.registry.vm.keep;

import dev.tenon.registry.vm.lease.Change;
import dev.tenon.registry.vm.lease.Held;
import dev.tenon.registry.vm.lease.Kept;
import dev.tenon.registry.vm.lease.Lease;
import dev.tenon.spi.registry.LeaseStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases in a {@link LeaseStore}, by the workload's {@code namespace/name}. A text that is read again
 * unchanged is not parsed again. {@link #use} may be called from any thread, the rest from one at a time.
 */
public final class SharedLeases implements Shelf {
  private static final int MOST_BYTES = 64 * 1024;
  private static final Logger LOG = LoggerFactory.getLogger(SharedLeases.class);

  private record Read(String text, Optional<Lease> lease) {}

  private final String name;
  private Map<String, Read> read = Map.of();
  private volatile @Nullable LeaseStore store;

  /** By the name of the store. */
  public SharedLeases(String name) {
    this.name = name;
  }

  /** From now on in this store; none while it is away. */
  public void use(@Nullable LeaseStore next) {
    store = next;
  }

  /** What the store is called. */
  public String name() {
    return name;
  }

  @Override
  public String place() {
    return "in " + name;
  }

  /** The leases of a view; a text that is none of ours is passed over and logged once. */
  public List<Kept> read(LeaseStore.View view) {
    Map<String, Read> now = new HashMap<>();
    List<Kept> all = new ArrayList<>();
    view.leases().forEach((key, kept) -> {
      Read before = read.get(key);
      Read one = before != null && before.text.equals(kept.text()) ? before : parse(key, kept.text());
      now.put(key, one);
      one.lease.ifPresent(lease -> all.add(new Kept(lease, held(kept.holder()))));
    });
    read = now;
    return all;
  }

  private Read parse(String key, String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      if (bytes.length > MOST_BYTES) {
        throw new IOException("is larger than " + MOST_BYTES + " bytes");
      }
      Lease lease = LeaseText.read(bytes);
      if (!lease.key().equals(key)) {
        throw new IOException("holds the lease of " + lease.key() + ", which its name does not say");
      }
      return new Read(text, Optional.of(lease));
    } catch (IOException e) {
      LOG.warn("what lies {} as {} {}; it is passed over. Its workload comes back when it next registers", place(), key, e.getMessage());
      return new Read(text, Optional.empty());
    }
  }

  private static Held held(LeaseStore.Holder holder) {
    return switch (holder) {
      case OURS -> Held.HERE;
      case ANOTHER -> Held.ELSEWHERE;
      case NOBODY -> Held.NOWHERE;
    };
  }

  @Override
  public Map<Change, IOException> write(Collection<Change> changes) {
    Map<String, Optional<String>> texts = new HashMap<>();
    for (Change change : changes) {
      texts.put(change.key(), switch (change) {
        case Change.Put(Lease lease) -> Optional.of(new String(LeaseText.write(lease), StandardCharsets.UTF_8));
        case Change.Removed ignored -> Optional.empty();
      });
    }
    try {
      LeaseStore present = store;
      if (present == null) {
        throw new IOException("no module offers the store \"" + name + "\" now");
      }
      if (!texts.isEmpty()) {
        present.write(texts);
      }
      return Map.of();
    } catch (IOException e) {
      return changes.stream().collect(Collectors.toMap(each -> each, _ -> e));
    }
  }
}
