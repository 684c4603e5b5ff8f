package dev.tenon.agent.join;

import dev.tenon.agent.probe.Timers;
import dev.tenon.agent.probe.Vigil;
import dev.tenon.spi.model.Condition;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.workload.Entrant;
import dev.tenon.spi.workload.ReadinessProbe;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A workload's membership in the mesh, from joining to leaving. While the control plane does not
 * answer it tries again and again with the same lease id; what was granted before stays granted.
 *
 * <p>Thread-safe: everything happens under one lock, and nothing in it blocks.
 */
public final class Membership implements AutoCloseable {
  /** How long an answer to the first beat may take. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  /** How long to wait when the registry says no: somebody has to change something first. */
  static final Duration AFTER_REFUSAL = Duration.ofSeconds(10);

  /** How long leaving may take when the control plane does not answer. */
  static final Duration FAREWELL = Duration.ofSeconds(2);

  private static final Condition ASIDE = new Condition(Health.DRAINING, "it is about to leave");
  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

  private enum Phase {
    MEMBER,
    DRAINING,
    LEAVING,
    OVER
  }

  private final Line line;
  private final Entrant entrant;
  private final Duration timeToLive;
  private final Duration settle;
  private final LeaseIdFile file;
  private final Vigil vigil;
  private final Timers timers;
  private final Backoff backoff;
  private final CompletableFuture<Void> joined = new CompletableFuture<>();
  private final CompletableFuture<Void> left = new CompletableFuture<>();
  private Phase phase = Phase.MEMBER;
  private Condition condition = new Condition(Health.STARTING, "");
  private Duration patience = FAREWELL;
  private boolean begun;
  private boolean announced;
  private Duration settling = Duration.ZERO;
  private String leaseId = "";
  private String complaint = "";
  private @Nullable Attempt attempt;
  private Timers.@Nullable Alarm retry;

  /**
   * A membership that has not begun.
   *
   * @param timeToLive asked for; what counts is what is granted
   * @param settle how long {@link #leave} waits, between the word that the workload is about to leave and its leaving
   */
  public Membership(
      Line line,
      Entrant entrant,
      Duration timeToLive,
      Duration settle,
      LeaseIdFile file,
      Vigil vigil,
      Timers timers,
      Backoff backoff) {
    this.line = line;
    this.entrant = entrant;
    this.timeToLive = timeToLive;
    this.settle = settle;
    this.file = file;
    this.vigil = vigil;
    this.timers = timers;
    this.backoff = backoff;
  }

  /** Begins. The workload is registered whether it can be called yet or not, and says which. */
  public void join() {
    loadLeaseId();
    vigil.begin(this::found);
  }

  /** Begins in the place of a generation that runs. */
  public void succeed() {
    loadLeaseId();
    vigil.resume(this::found);
  }

  private synchronized void loadLeaseId() {
    leaseId = file.load();
  }

  private synchronized void found(Condition now) {
    condition = now;
    if (!begun) {
      begun = true;
      tryNow();
    } else if (attempt != null) {
      attempt.sayHow();
    }
  }

  /** What the registry should know of the workload. */
  private Condition how() {
    return phase == Phase.MEMBER ? condition : ASIDE;
  }

  /** Done when the first lease is held. */
  public CompletionStage<Void> joined() {
    return joined.minimalCompletionStage();
  }

  /**
   * Leaves in good order: says that it is about to leave, so that callers are sent there no more; gives them time
   * to hear of it, and what is under way time to end; then ends the lease. Done when the lease is ended; at the
   * latest at the deadline, or at once when there is no lease to end.
   */
  public synchronized CompletionStage<Void> leave(Duration deadline) {
    if (phase != Phase.MEMBER) {
      return left.minimalCompletionStage();
    }
    patience = deadline.compareTo(FAREWELL) < 0 ? deadline : FAREWELL;
    phase = Phase.DRAINING;
    if (attempt == null && !joined.isDone()) {
      over();
      return left.minimalCompletionStage();
    }
    Duration most = deadline.minus(patience);
    settling = settle.compareTo(most) < 0 ? settle : most;
    timers.after(patience, this::giveUpUnheard);
    if (entrant.workload().ports().isEmpty() || !joined.isDone()) {
      depart();
    } else if (attempt == null) {
      tryNow();
    } else {
      attempt.sayHow();
    }
    return left.minimalCompletionStage();
  }

  /** The registry has taken the endpoints out; now the callers have to hear of it. */
  private void announced() {
    if (!announced) {
      announced = true;
      LOG.info("{} is about to leave; it goes on serving for {} ms", entrant.workload().key(), settling.toMillis());
      timers.after(settling, this::depart);
    }
  }

  private synchronized void depart() {
    if (phase != Phase.DRAINING) {
      return;
    }
    phase = Phase.LEAVING;
    if (attempt == null) {
      tryNow();
    } else if (attempt.held) {
      attempt.leave();
    }
    timers.after(patience, this::giveUp);
  }

  private synchronized void giveUpUnheard() {
    if (phase == Phase.DRAINING && !announced) {
      giveUp();
    }
  }

  private synchronized void giveUp() {
    if (phase != Phase.OVER) {
      LOG.warn("{} could not say good-bye to {}: it stays listed until its lease expires", entrant.workload().key(), line.where());
      over();
    }
  }

  /** Ends at once, without a word: the lease stays for whoever comes back to it. */
  @Override
  public synchronized void close() {
    over();
  }

  private void over() {
    phase = Phase.OVER;
    vigil.close();
    cancelRetry();
    if (attempt != null) {
      Attempt last = attempt;
      attempt = null;
      last.tear();
    }
    left.complete(null);
  }

  private void cancelRetry() {
    if (retry != null) {
      retry.cancel();
      retry = null;
    }
  }

  private synchronized void tryNow() {
    cancelRetry();
    if (phase != Phase.OVER && attempt == null) {
      Attempt next = new Attempt();
      attempt = next;
      try {
        next.begin();
      } catch (RuntimeException e) {
        ended(new Line.Outcome(Line.Kind.LOST, "it could not be called: " + e));
      }
    }
  }

  private void tryLater(Duration wait) {
    cancelRetry();
    retry = timers.after(wait, this::tryNow);
  }

  private void granted(String id) {
    if (!id.equals(leaseId)) {
      leaseId = id;
      file.store(id);
    }
    backoff.reset();
    complaint = "";
    LOG.info("{} is registered with {}", entrant.workload().key(), line.where());
    joined.complete(null);
  }

  private void ended(Line.Outcome outcome) {
    attempt = null;
    boolean goes = phase == Phase.LEAVING || phase == Phase.DRAINING;
    if (goes && (outcome.kind() != Line.Kind.LOST || !joined.isDone())) {
      LOG.info("{} has left {}", entrant.workload().key(), line.where());
      over();
      return;
    }
    switch (outcome.kind()) {
      case LEFT -> tryLater(backoff.next());
      case LOST -> {
        complain("no word from the control plane at " + line.where() + ": " + outcome.message() + ". Trying again");
        tryLater(backoff.next());
      }
      case REFUSED -> {
        complain(line.where() + " refuses " + entrant.workload().key() + ": " + outcome.message()
            + ". Trying again every " + AFTER_REFUSAL.toSeconds() + " s");
        tryLater(AFTER_REFUSAL);
      }
    }
  }

  /** Says the same thing once. */
  private void complain(String what) {
    if (!what.equals(complaint)) {
      complaint = what;
      LOG.warn(what);
    }
  }

  /** One stream, from its first beat to its end. */
  private final class Attempt implements Line.Listener {
    private boolean held;
    private boolean answering;
    private @Nullable Condition said;
    private Line.@Nullable Stream stream;
    private Timers.@Nullable Alarm alarm;

    void begin() {
      Line.Stream opened = line.open(this);
      if (!isCurrent()) {
        return;
      }
      stream = opened;
      said = how();
      opened.register(entrant, leaseId, timeToLive, said);
      alarm(PATIENCE, this::unanswered);
    }

    private boolean isCurrent() {
      return equals(attempt);
    }

    /** There is one alarm at a time: the next beat's, or the limit for an answer. */
    private void alarm(Duration delay, Runnable task) {
      silence();
      alarm = timers.after(delay, task);
    }

    private void silence() {
      if (alarm != null) {
        alarm.cancel();
        alarm = null;
      }
    }

    @Override
    public void granted(String id, Duration granted, Optional<ReadinessProbe> groups) {
      synchronized (Membership.this) {
        if (!isCurrent()) {
          return;
        }
        if (!held) {
          held = true;
          Membership.this.granted(id);
        }
        if (phase == Phase.LEAVING) {
          leave();
        } else if (!how().equals(said)) {
          answering = false;
          sayHow();
        } else {
          answering = false;
          if (phase == Phase.DRAINING) {
            Membership.this.announced();
          }
          alarm(granted.dividedBy(3), () -> beat(granted));
        }
        if (phase == Phase.MEMBER) {
          vigil.advised(groups);
        }
      }
    }

    /** Says how the workload is when that is news, and at once; an answer is waited for before the next news. */
    void sayHow() {
      boolean speaks = phase == Phase.MEMBER || phase == Phase.DRAINING;
      if (held && !answering && stream != null && speaks && !how().equals(said)) {
        answering = true;
        said = how();
        stream.register(entrant, leaseId, timeToLive, said);
        alarm(PATIENCE, this::unanswered);
      }
    }

    private void beat(Duration granted) {
      synchronized (Membership.this) {
        if (isCurrent() && stream != null && phase != Phase.LEAVING) {
          answering = true;
          stream.beat();
          alarm(granted.dividedBy(2), this::unanswered);
        }
      }
    }

    private void unanswered() {
      synchronized (Membership.this) {
        if (isCurrent()) {
          tear();
          Membership.this.ended(new Line.Outcome(Line.Kind.LOST, "it does not answer"));
        }
      }
    }

    void leave() {
      silence();
      if (stream != null) {
        stream.leave();
      }
    }

    void tear() {
      silence();
      if (stream != null) {
        stream.tear();
      }
    }

    @Override
    public void ended(Line.Outcome outcome) {
      synchronized (Membership.this) {
        if (isCurrent()) {
          silence();
          Membership.this.ended(outcome);
        }
      }
    }
  }
}
