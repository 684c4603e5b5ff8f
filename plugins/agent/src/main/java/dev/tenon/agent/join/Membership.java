package dev.tenon.agent.join;

import dev.tenon.agent.probe.Probe;
import dev.tenon.agent.read.Entrant;
import java.time.Duration;
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

  /** How long between two looks whether the workload can be called: first, and when it takes long. */
  static final Duration LOOK_QUICKLY = Duration.ofMillis(100);

  static final Duration LOOK_SLOWLY = Duration.ofSeconds(1);
  static final int QUICK_LOOKS = 150;

  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

  private enum Phase {
    MEMBER,
    LEAVING,
    OVER
  }

  private final Line line;
  private final Entrant entrant;
  private final Duration timeToLive;
  private final Duration settle;
  private final LeaseIdFile file;
  private final Probe probe;
  private final Timers timers;
  private final Backoff backoff;
  private final CompletableFuture<Void> joined = new CompletableFuture<>();
  private final CompletableFuture<Void> left = new CompletableFuture<>();
  private Phase phase = Phase.MEMBER;
  private boolean gone;
  private boolean begun;
  private boolean serving;
  private int looks;
  private String leaseId = "";
  private String complaint = "";
  private @Nullable Attempt attempt;
  private Timers.@Nullable Alarm retry;

  /**
   * A membership that has not begun.
   *
   * @param timeToLive asked for; what counts is what is granted
   * @param settle how long {@link #leave} waits after the workload has left
   */
  public Membership(
      Line line,
      Entrant entrant,
      Duration timeToLive,
      Duration settle,
      LeaseIdFile file,
      Probe probe,
      Timers timers,
      Backoff backoff) {
    this.line = line;
    this.entrant = entrant;
    this.timeToLive = timeToLive;
    this.settle = settle;
    this.file = file;
    this.probe = probe;
    this.timers = timers;
    this.backoff = backoff;
  }

  /** Begins. The workload is registered whether it can be called yet or not, and says which. */
  public synchronized void join() {
    leaseId = file.load();
    look();
  }

  /** Begins in the place of a generation that runs: what that one found out is true still. */
  public synchronized void succeed() {
    leaseId = file.load();
    looked(true);
  }

  private void look() {
    probe.look(entrant.workload(), this::looked);
  }

  private synchronized void looked(boolean open) {
    if (phase == Phase.OVER) {
      return;
    }
    serving = open;
    if (!begun) {
      begun = true;
      tryNow();
    } else if (open && attempt != null) {
      attempt.sayServing();
    }
    if (!open) {
      lookAgain();
    }
  }

  private void lookAgain() {
    looks++;
    if (looks == QUICK_LOOKS) {
      LOG.warn("{} does not accept connections on all its ports at {}; no caller is sent there until it does",
          entrant.workload().key(), entrant.workload().address());
    }
    timers.after(looks < QUICK_LOOKS ? LOOK_QUICKLY : LOOK_SLOWLY, this::look);
  }

  /** Done when the first lease is held. */
  public CompletionStage<Void> joined() {
    return joined.minimalCompletionStage();
  }

  /**
   * Ends the lease. Done when the workload is out of the catalog and its callers had time to hear of
   * it; at the latest at the deadline, or at once when there is no lease to end.
   */
  public synchronized CompletionStage<Void> leave(Duration deadline) {
    if (phase != Phase.MEMBER) {
      return left.minimalCompletionStage();
    }
    phase = Phase.LEAVING;
    if (attempt != null && attempt.held) {
      attempt.leave();
    } else if (attempt == null && !joined.isDone()) {
      over();
      return left.minimalCompletionStage();
    } else if (attempt == null) {
      tryNow();
    }
    timers.after(deadline.compareTo(FAREWELL) < 0 ? deadline : FAREWELL, this::giveUp);
    return left.minimalCompletionStage();
  }

  private synchronized void giveUp() {
    if (phase == Phase.LEAVING && !gone) {
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
    if (phase == Phase.LEAVING && (outcome.kind() != Line.Kind.LOST || !joined.isDone())) {
      hasLeft();
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

  /** Gives the news time to reach the callers, then is done. */
  private void hasLeft() {
    gone = true;
    LOG.info("{} has left {}", entrant.workload().key(), line.where());
    if (entrant.workload().ports().isEmpty() || !joined.isDone()) {
      over();
    } else {
      timers.after(settle, this::close);
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
    private boolean saidServing;
    private Line.@Nullable Stream stream;
    private Timers.@Nullable Alarm alarm;

    void begin() {
      Line.Stream opened = line.open(this);
      if (!isCurrent()) {
        return;
      }
      stream = opened;
      saidServing = serving;
      opened.register(entrant, leaseId, timeToLive, serving);
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
    public void granted(String id, Duration granted) {
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
        } else if (serving && !saidServing) {
          sayServing();
        } else {
          alarm(granted.dividedBy(3), () -> beat(granted));
        }
      }
    }

    /** The workload can be called by now; the next beat says so, and comes at once. */
    void sayServing() {
      if (held && stream != null && phase == Phase.MEMBER && !saidServing) {
        saidServing = true;
        stream.register(entrant, leaseId, timeToLive, true);
        alarm(PATIENCE, this::unanswered);
      }
    }

    private void beat(Duration granted) {
      synchronized (Membership.this) {
        if (isCurrent() && stream != null && phase == Phase.MEMBER) {
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
