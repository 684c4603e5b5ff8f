package dev.tenon.registry.vm.lease;

import dev.tenon.registry.vm.accept.Claim;
import dev.tenon.registry.vm.accept.Desk;
import dev.tenon.registry.vm.accept.Ending;
import dev.tenon.registry.vm.accept.Holder;
import dev.tenon.registry.vm.accept.Registrant;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The desk behind the door: gives the ledger the time and one caller at a time, passes its changes on,
 * and answers once they are kept.
 *
 * <p>It opens with {@link #admit}; what streams say before that waits. It is closed by {@link #close},
 * which ends every stream and no lease.
 */
public final class LeaseDesk implements Desk {
  /** The least time that a lease read back from disk is given to come back. */
  public static final Duration GRACE = Duration.ofSeconds(10);

  /** How long a stream may be open without a first beat. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** A sweep that comes this late finds a process that stood still, not clients that were silent. */
  static final Duration STANDSTILL = Duration.ofSeconds(1);

  private static final int STREAMS_PER_LEASE = 2;
  private static final int MOST_WAITING = 100_000;
  private static final Logger LOG = LoggerFactory.getLogger(LeaseDesk.class);

  /** Where changes go, in order. */
  public interface Next {
    /** Takes changes; runs {@code done} when they are in force. */
    void changed(List<Change> changes, Runnable done);

    /** The keys of which changes were taken and are not kept yet. */
    default Set<String> busy() {
      return Set.of();
    }
  }

  private record Newcomer(Holder holder, long since) {}

  private enum State {
    WAITING,
    OPEN,
    CLOSED
  }

  private final Ledger ledger;
  private final int mostStreams;
  private final LongSupplier clock;
  private final Next next;
  private final Set<Holder> streams = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Queue<Newcomer> newcomers = new ArrayDeque<>();
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private State state = State.WAITING;
  private long swept;
  private long stood;

  /**
   * A desk that is not open yet.
   *
   * @param most how many leases there may be at once
   * @param ids makes lease ids that nobody can guess
   * @param clock nanoseconds that never go back
   * @param next called under the desk's lock: must not block
   */
  public LeaseDesk(int most, Supplier<String> ids, LongSupplier clock, Next next) {
    this.ledger = new Ledger(most, ids);
    this.mostStreams = most * STREAMS_PER_LEASE;
    this.clock = clock;
    this.next = next;
  }

  /** Opens the desk with what was kept of earlier leases. */
  public synchronized void admit(Collection<Lease> kept) {
    if (state != State.WAITING) {
      return;
    }
    state = State.OPEN;
    long now = time();
    swept = now;
    kept.forEach(lease -> ledger.restore(lease, GRACE, now));
    for (Runnable report = waiting.poll(); report != null; report = waiting.poll()) {
      report.run();
    }
  }

  @Override
  public synchronized void open(Holder holder) {
    if (state == State.CLOSED) {
      holder.end(draining());
    } else if (streams.size() >= mostStreams) {
      holder.end(new Ending(Ending.Cause.FULL, streams.size() + " streams are open; the registry takes no more"));
    } else {
      streams.add(holder);
      newcomers.add(new Newcomer(holder, time()));
    }
  }

  @Override
  public synchronized void beat(Holder holder, Claim claim) {
    inTurn(holder, () -> decide(holder, claim));
  }

  @Override
  public synchronized void leave(Holder holder) {
    inTurn(holder, () -> left(holder));
  }

  @Override
  public synchronized void broke(Holder holder) {
    inTurn(holder, () -> {
      streams.remove(holder);
      ledger.broke(holder);
    });
  }

  /** Runs a report now, or when the desk opens; a stream that is not known any more has no say. */
  private void inTurn(Holder holder, Runnable report) {
    if (state == State.OPEN && streams.contains(holder)) {
      report.run();
    } else if (state == State.WAITING && streams.contains(holder)) {
      if (waiting.size() >= MOST_WAITING) {
        end(holder, draining());
      } else {
        waiting.add(() -> inTurn(holder, report));
      }
    }
  }

  private void decide(Holder holder, Claim claim) {
    switch (ledger.beat(holder, claim, time())) {
      case Decision.Granted(Lease lease, List<Change> changes, List<Holder> ousted) -> {
        for (Holder each : ousted) {
          end(each, new Ending(Ending.Cause.SUPERSEDED, lease.key() + " was registered anew by another process at its address"));
        }
        if (changes.isEmpty()) {
          holder.granted(lease.id(), lease.timeToLive());
        } else {
          log(changes);
          next.changed(changes, () -> holder.granted(lease.id(), lease.timeToLive()));
        }
      }
      case Decision.Refused(Ending ending) -> {
        ledger.broke(holder);
        end(holder, ending);
      }
    }
  }

  @Override
  public synchronized Optional<Ending> register(Registrant registrant, Consumer<Boolean> done) {
    if (state != State.OPEN) {
      return Optional.of(draining());
    }
    return switch (ledger.stand(registrant, time())) {
      case Decision.Refused(Ending ending) -> Optional.of(ending);
      case Decision.Granted(Lease lease, List<Change> changes, List<Holder> _) -> {
        if (changes.isEmpty()) {
          done.accept(false);
        } else {
          LOG.info("{} at {} was registered by an operator", lease.key(), lease.registrant().workload().address());
          next.changed(changes, () -> done.accept(true));
        }
        yield Optional.empty();
      }
    };
  }

  @Override
  public synchronized Optional<Ending> deregister(String key, Runnable done) {
    if (state != State.OPEN) {
      return Optional.of(draining());
    }
    Optional<String> refusal = ledger.dismiss(key);
    if (refusal.isPresent()) {
      return Optional.of(new Ending(Ending.Cause.INVALID, refusal.get()));
    }
    LOG.info("{} was deregistered by an operator", key);
    next.changed(List.of(new Change.Removed(key)), done);
    return Optional.empty();
  }

  private void left(Holder holder) {
    streams.remove(holder);
    Optional<Ledger.Ended> ended = ledger.leave(holder);
    if (ended.isEmpty()) {
      holder.end(Ending.left());
      return;
    }
    String key = ended.get().lease().key();
    for (Holder other : ended.get().holders()) {
      if (!other.equals(holder)) {
        end(other, new Ending(Ending.Cause.SUPERSEDED, key + " was ended by another stream of its own"));
      }
    }
    LOG.info("{} left", key);
    next.changed(List.of(new Change.Removed(key)), () -> holder.end(Ending.left()));
  }

  /** The time that counts: what passed while this process stood still does not. */
  private long time() {
    return clock.getAsLong() - stood;
  }

  /**
   * Ends what is past its time. To be called several times a second; costs next to nothing while
   * nothing is due. When it was not called for long, beats may lie unread: that time counts for nobody.
   */
  public synchronized void sweep() {
    if (state != State.OPEN) {
      return;
    }
    long late = time() - swept;
    if (late > STANDSTILL.toNanos()) {
      LOG.warn("the registry stood still for {} ms; every lease lives so much longer", late / 1_000_000);
      stood += late;
    }
    long now = time();
    swept = now;
    List<Change> changes = new ArrayList<>();
    for (Ledger.Ended ended : ledger.expire(now)) {
      String key = ended.lease().key();
      LOG.warn("{} expired: no beat for {} s", key, ended.lease().timeToLive().toSeconds());
      changes.add(new Change.Removed(key));
      for (Holder holder : ended.holders()) {
        end(holder, new Ending(Ending.Cause.SILENT, "the lease of " + key + " expired without a beat; register anew"));
      }
    }
    if (!changes.isEmpty()) {
      next.changed(changes, () -> {});
    }
    endMute(now);
  }

  /**
   * Takes in what lies in the place that several control planes share.
   *
   * @param adopting whether this one takes over what nobody holds
   * @return what others have changed since
   */
  public synchronized List<Change> follow(Collection<Kept> kept, boolean adopting) {
    if (state != State.OPEN) {
      return List.of();
    }
    Ledger.Followed followed = ledger.follow(kept, next.busy(), adopting, GRACE, time());
    for (Ledger.Ended ended : followed.ousted()) {
      String key = ended.lease().key();
      LOG.info("{} is held through another control plane now", key);
      ended.holders().forEach(each -> end(each, new Ending(Ending.Cause.SUPERSEDED, key + " was registered through another control plane")));
    }
    if (!followed.unkept().isEmpty()) {
      next.changed(followed.unkept(), () -> {});
    }
    return followed.published();
  }

  /** Ends streams that were opened and never said who they are. */
  private void endMute(long now) {
    while (!newcomers.isEmpty() && now - newcomers.element().since() > PATIENCE.toNanos()) {
      Holder holder = newcomers.remove().holder();
      if (streams.contains(holder) && !ledger.holds(holder)) {
        end(holder, new Ending(Ending.Cause.SILENT, "no first beat for " + PATIENCE.toSeconds() + " s"));
      }
    }
  }

  /** Ends every stream; every lease stays. The last change has been passed on when this returns. */
  public synchronized void close() {
    state = State.CLOSED;
    waiting.clear();
    newcomers.clear();
    for (Holder holder : List.copyOf(streams)) {
      end(holder, draining());
    }
  }

  private void end(Holder holder, Ending ending) {
    streams.remove(holder);
    holder.end(ending);
  }

  private static Ending draining() {
    return new Ending(Ending.Cause.DRAINING, "the registry is going away; come back with the same lease id");
  }

  private static void log(List<Change> changes) {
    for (Change change : changes) {
      if (change instanceof Change.Put(Lease lease)) {
        LOG.info("{} at {} holds a lease of {} s", lease.key(), lease.registrant().workload().address(), lease.timeToLive().toSeconds());
      } else {
        LOG.info("{} is gone: its lease has another name now", change.key());
      }
    }
  }
}
