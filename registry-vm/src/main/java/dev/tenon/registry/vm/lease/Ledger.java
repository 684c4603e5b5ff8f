package dev.tenon.registry.vm.lease;

import dev.tenon.registry.vm.accept.BeatReader;
import dev.tenon.registry.vm.accept.Claim;
import dev.tenon.registry.vm.accept.Ending;
import dev.tenon.registry.vm.accept.Holder;
import dev.tenon.registry.vm.accept.Registrant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
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
    String keyBefore = known == null ? "" : known.lease.key();
    Duration timeToLive = claim.timeToLive().orElse(before);
    List<Change> changes;
    Entry entry;
    if (known == null) {
      String id = claim.leaseId().isEmpty() ? ids.get() : claim.leaseId();
      entry = new Entry(new Lease(id, registrant, timeToLive), Held.HERE);
      changes = List.of(new Change.Put(entry.lease));
      enter(entry, now);
    } else if (known.held != Held.HERE) {
      // It comes through this control plane now, with the id that it was given by another.
      entry = known;
      forget(entry);
      entry.held = Held.HERE;
      entry.lease = new Lease(entry.lease.id(), registrant, timeToLive);
      changes = new ArrayList<>();
      if (!keyBefore.equals(entry.lease.key())) {
        changes.add(new Change.Removed(keyBefore));
      }
      changes.add(new Change.Put(entry.lease));
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
    return !occupant.lease.standing()
        && ((occupant.held != Held.ELSEWHERE && occupant.holders.isEmpty())
            || occupant.lease.registrant().workload().address().equals(registrant.workload().address()));
  }

  private static String taken(Entry occupant) {
    if (occupant.lease.standing()) {
      return "workload.name: " + occupant.lease.key() + " was registered by an operator; 'tenon workload deregister "
          + occupant.lease.key() + "' on the control plane leaves the name to its agent";
    }
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
    if (!entry.lease.standing()) {
      queue.add(entry);
    }
  }

  /** An operator registers a workload, or changes what he said of it. */
  Decision stand(Registrant registrant, long now) {
    Entry occupant = byKey.get(registrant.workload().key());
    if (occupant != null && !occupant.lease.standing()) {
      return refused(Ending.Cause.TAKEN, occupant.lease.key() + " is held by its own agent at "
          + occupant.lease.registrant().workload().address() + "; 'tenon vm drain' there takes it out, or give this workload another name");
    }
    if (occupant == null && byId.size() >= most) {
      return refused(Ending.Cause.FULL, "the registry holds " + most + " workloads already and takes no more");
    }
    if (occupant != null) {
      List<Change> changes = put(occupant, new Lease(occupant.lease.id(), registrant, occupant.lease.timeToLive(), true));
      return new Decision.Granted(occupant.lease, changes, List.of());
    }
    Entry entry = new Entry(new Lease(ids.get(), registrant, BeatReader.USUAL, true), Held.HERE);
    enter(entry, now);
    return new Decision.Granted(entry.lease, List.of(new Change.Put(entry.lease)), List.of());
  }

  /** An operator takes back what he registered; why not, when it is not his. */
  Optional<String> dismiss(String key) {
    Entry occupant = byKey.get(key);
    if (occupant == null) {
      return Optional.of("there is no workload " + key + "; see 'tenon workload list'");
    }
    if (!occupant.lease.standing()) {
      return Optional.of(key + " is held by its own agent, and would be back at once; 'tenon vm drain' on its host takes it out, 'tenon vm evict "
          + key + "' turns the host out");
    }
    forget(occupant);
    return Optional.empty();
  }

  /** Brings an entry forward in the queue when its life was shortened. */
  private void hasten(Entry entry) {
    if (!entry.lease.standing() && entry.expires - entry.due < 0) {
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
      adopt(lease, grace, now);
    }
  }

  private void adopt(Lease lease, Duration grace, long now) {
    Entry entry = new Entry(lease, Held.HERE);
    enter(entry, now);
    entry.live(now, lease.timeToLive().compareTo(grace) > 0 ? lease.timeToLive() : grace);
  }

  /**
   * What follows from a look at the shared place.
   *
   * @param published what others have changed
   * @param unkept what is held here and has to be written there
   * @param ousted what was held here and is held elsewhere now
   */
  record Followed(List<Change> published, List<Change> unkept, List<Ended> ousted) {}

  /**
   * Takes in what lies in the place that several control planes share.
   *
   * @param busy keys of which this one's own word is on its way there; what lies there does not count
   * @param adopting whether leases that nobody holds are taken over, each with a grace period
   */
  Followed follow(Collection<Kept> all, Set<String> busy, boolean adopting, Duration grace, long now) {
    Followed followed = new Followed(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    Set<String> there = new HashSet<>();
    for (Kept kept : all) {
      Entry known = byKey.get(kept.lease().key());
      there.add(kept.lease().key());
      if (busy.contains(kept.lease().key()) || kept.held() == Held.HERE) {
        continue;
      }
      if (kept.held() == Held.NOWHERE && known != null && known.held == Held.HERE) {
        followed.unkept.add(new Change.Put(known.lease));
      } else if (kept.held() == Held.NOWHERE && adopting) {
        makeRoom(kept.lease());
        adopt(kept.lease(), grace, now);
        followed.unkept.add(new Change.Put(kept.lease()));
      } else {
        place(kept, known, followed);
      }
    }
    for (Entry entry : List.copyOf(byKey.values())) {
      String key = entry.lease.key();
      if (there.contains(key) || busy.contains(key)) {
        continue;
      }
      if (entry.held == Held.HERE) {
        followed.unkept.add(new Change.Put(entry.lease));
      } else {
        forget(entry);
        followed.published.add(new Change.Removed(key));
      }
    }
    return followed;
  }

  private void place(Kept kept, @Nullable Entry known, Followed followed) {
    if (known != null && known.held == kept.held() && known.lease.equals(kept.lease())) {
      return;
    }
    if (known != null && known.held == Held.HERE) {
      followed.ousted.add(new Ended(known.lease, forget(known)));
    }
    makeRoom(kept.lease());
    Entry entry = new Entry(kept.lease(), kept.held());
    byId.put(entry.lease.id(), entry);
    byKey.put(entry.lease.key(), entry);
    if (known == null || !known.lease.equals(kept.lease())) {
      followed.published.add(new Change.Put(kept.lease()));
    }
  }

  /** Takes out what has the key or the id of a lease. */
  private void makeRoom(Lease lease) {
    Entry sameKey = byKey.get(lease.key());
    if (sameKey != null) {
      forget(sameKey);
    }
    Entry sameId = byId.get(lease.id());
    if (sameId != null) {
      forget(sameId);
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
