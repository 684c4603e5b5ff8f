package dev.tenon.registry.vm.lease;

import dev.tenon.registry.vm.accept.BeatReader;
import dev.tenon.registry.vm.accept.Claim;
import dev.tenon.registry.vm.accept.Ending;
import dev.tenon.registry.vm.accept.Holder;
import dev.tenon.registry.vm.accept.Registrant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All leases. Time is an argument (nanoseconds of a clock that never goes back), lease ids come from
 * outside, nothing is written: given the same calls it says the same.
 *
 * <p>A renewing beat costs one map look-up and moves nothing in the queue of expiry: an entry whose
 * turn comes too early is put back with its true time.
 *
 * <p>Several streams may hold one lease, as when a workload's agent is replaced; a clean end of any of
 * them ends it. Not thread-safe.
 */
final class Ledger {
  private final int most;
  private final Supplier<String> ids;
  private final Map<String, Entry> byId = new HashMap<>();
  private final Map<String, Entry> byKey = new HashMap<>();
  private final IdentityHashMap<Holder, Entry> byHolder = new IdentityHashMap<>();
  private final PriorityQueue<Entry> queue = new PriorityQueue<>((one, other) -> Long.compare(one.due - other.due, 0));

  /**
   * An empty ledger.
   *
   * @param most how many leases there may be at once
   * @param ids makes lease ids that nobody can guess
   */
  Ledger(int most, Supplier<String> ids) {
    this.most = most;
    this.ids = ids;
  }

  /** A beat of a stream. */
  Decision beat(Holder holder, Claim claim, long now) {
    Entry held = byHolder.get(holder);
    if (held != null && !claim.leaseId().isEmpty() && !claim.leaseId().equals(held.lease.id())) {
      return refused(Ending.Cause.INVALID, "lease_id: this stream holds another lease; open a stream for each");
    }
    if (claim.registrant().isEmpty()) {
      return held == null
          ? refused(Ending.Cause.INVALID, "workload: is required in the first beat of a stream")
          : renewed(held, claim.timeToLive().orElse(held.lease.timeToLive()), now);
    }
    Entry known = held != null ? held : byId.get(claim.leaseId());
    return registered(holder, known, claim, claim.registrant().get(), now);
  }

  private Decision renewed(Entry entry, Duration timeToLive, long now) {
    List<Change> changes = put(entry, new Lease(entry.lease.id(), entry.lease.registrant(), timeToLive));
    entry.renew(now);
    hasten(entry);
    return new Decision.Granted(entry.lease, changes, List.of());
  }

  private Decision registered(
      Holder holder, @Nullable Entry known, Claim claim, Registrant registrant, long now) {
    Entry rival = rival(registrant, known);
    if (rival != null && !mayTakeOver(rival, registrant)) {
      return refused(Ending.Cause.TAKEN, taken(rival));
    }
    if (known == null && rival == null && byId.size() >= most) {
      return refused(Ending.Cause.FULL, "the registry holds " + most + " workloads already and takes no more");
    }
    List<Holder> ousted = rival == null ? List.of() : forget(rival);
    Duration before = known == null ? BeatReader.USUAL : known.lease.timeToLive();
    Duration timeToLive = claim.timeToLive().orElse(before);
    List<Change> changes;
    Entry entry;
    if (known == null) {
      String id = claim.leaseId().isEmpty() ? ids.get() : claim.leaseId();
      entry = new Entry(new Lease(id, registrant, timeToLive));
      changes = List.of(new Change.Put(entry.lease));
      enter(entry, now);
    } else {
      entry = known;
      changes = put(entry, new Lease(entry.lease.id(), registrant, timeToLive));
      entry.renew(now);
      hasten(entry);
    }
    entry.holders.add(holder);
    byHolder.put(holder, entry);
    return new Decision.Granted(entry.lease, changes, ousted);
  }

  /** Another lease under the same name. */
  private @Nullable Entry rival(Registrant registrant, @Nullable Entry known) {
    Entry occupant = byKey.get(registrant.workload().key());
    return occupant == null || occupant.equals(known) ? null : occupant;
  }

  /** A name is free for who comes from the same address, or when nobody is there to defend it. */
  private static boolean mayTakeOver(Entry occupant, Registrant registrant) {
    return occupant.holders.isEmpty()
        || occupant.lease.registrant().workload().address().equals(registrant.workload().address());
  }

  private static String taken(Entry occupant) {
    return "workload.name: " + occupant.lease.key() + " is registered from "
        + occupant.lease.registrant().workload().address()
        + " and alive; give this workload a name of its own, or stop that one";
  }

  private static Decision refused(Ending.Cause cause, String message) {
    return new Decision.Refused(new Ending(cause, message));
  }

  /** Makes a lease say something else; what changed, if anything. */
  private List<Change> put(Entry entry, Lease next) {
    if (next.equals(entry.lease)) {
      return List.of();
    }
    List<Change> changes = new ArrayList<>();
    if (!next.key().equals(entry.lease.key())) {
      byKey.remove(entry.lease.key());
      byKey.put(next.key(), entry);
      changes.add(new Change.Removed(entry.lease.key()));
    }
    entry.lease = next;
    changes.add(new Change.Put(next));
    return changes;
  }

  private void enter(Entry entry, long now) {
    entry.renew(now);
    entry.due = entry.expires;
    byId.put(entry.lease.id(), entry);
    byKey.put(entry.lease.key(), entry);
    queue.add(entry);
  }

  /** Brings an entry forward in the queue when its life was shortened. */
  private void hasten(Entry entry) {
    if (entry.expires - entry.due < 0) {
      queue.remove(entry);
      entry.due = entry.expires;
      queue.add(entry);
    }
  }

  /** Takes an entry out; returns the streams that held it. */
  private List<Holder> forget(Entry entry) {
    byId.remove(entry.lease.id());
    byKey.remove(entry.lease.key());
    queue.remove(entry);
    List<Holder> holders = List.copyOf(entry.holders);
    holders.forEach(byHolder::remove);
    entry.holders.clear();
    return holders;
  }

  /** An ended lease, and the streams that held it when it ended. */
  record Ended(Lease lease, List<Holder> holders) {}

  /** A stream's client left in good order: its lease ends. Empty when it held none. */
  Optional<Ended> leave(Holder holder) {
    Entry entry = byHolder.get(holder);
    return entry == null ? Optional.empty() : Optional.of(new Ended(entry.lease, forget(entry)));
  }

  /** A stream is gone; its lease stays until it expires. */
  void broke(Holder holder) {
    Entry entry = byHolder.remove(holder);
    if (entry != null) {
      entry.holders.remove(holder);
    }
  }

  /** Ends what is past its time. Costs nothing while nothing is due. */
  List<Ended> expire(long now) {
    List<Ended> ended = new ArrayList<>();
    while (!queue.isEmpty() && queue.element().due - now <= 0) {
      Entry entry = queue.remove();
      if (entry.expires - now <= 0) {
        ended.add(new Ended(entry.lease, forget(entry)));
      } else {
        entry.due = entry.expires;
        queue.add(entry);
      }
    }
    return ended;
  }

  /**
   * Takes in a lease that was kept elsewhere; it has at least a grace period to be renewed. One whose
   * id or workload is here already stays out.
   */
  void restore(Lease lease, Duration grace, long now) {
    if (!byId.containsKey(lease.id()) && !byKey.containsKey(lease.key())) {
      Entry entry = new Entry(lease);
      enter(entry, now);
      entry.live(now, lease.timeToLive().compareTo(grace) > 0 ? lease.timeToLive() : grace);
    }
  }

  /** Whether a stream holds a lease. */
  boolean holds(Holder holder) {
    return byHolder.containsKey(holder);
  }

  /** How many leases live. */
  int size() {
    return byId.size();
  }
}
