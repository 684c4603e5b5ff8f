package dev.tenon.mixer.dispatch;

import dev.tenon.spi.guard.Trouble;
import dev.tenon.spi.policy.Grant;
import dev.tenon.spi.policy.QuotaAdapter;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators ask a handler: how it is, what its counters stand at, what it would answer. Nothing of it is counted. */
public final class Inspection {
  private static final Logger LOG = LoggerFactory.getLogger(Inspection.class);

  /** After the deadline of any call, which answers by itself. */
  private static final long LONGEST_SECONDS = 11;

  private final Handler handler;

  Inspection(Handler handler) {
    this.handler = handler;
  }

  /** What an operator is told of it. */
  public Condition condition() {
    Lease lease = handler.slot();
    Tally.Sum sum = handler.tally().sum().plus(handler.served().sum());
    return lease == null
        ? new Condition("", handler.absence(), "", Runs.NOT, sum)
        : new Condition(lease.plug().module(), "", concern(lease), Runs.of(lease.far() != null, lease.nonBlocking()), sum);
  }

  /** What the adapter says of itself; a guest's word, so nothing that it throws goes further. */
  private String concern(Lease lease) {
    if (!lease.enter()) {
      return "";
    }
    try {
      return lease.adapter().concern();
    } catch (Throwable t) {
      LOG.warn("the adapter {} of handler {} does not say how it is", handler.adapterName(), handler.name(), t);
      return "";
    } finally {
      lease.leave();
    }
  }

  /**
   * How a handler is.
   *
   * @param module which offers its adapter; empty when none does
   * @param reason why it cannot be asked; empty when it can
   * @param concern what troubles its adapter though it can be asked; empty for nothing
   */
  public record Condition(String module, String reason, String concern, Runs runs, Tally.Sum counted) {}

  /** Where a handler is asked. */
  public enum Runs {
    NOT,
    EVENT_LOOP,
    THREAD,
    POLICY_SERVICE;

    static Runs of(boolean far, boolean nonBlocking) {
      return far ? POLICY_SERVICE : nonBlocking ? EVENT_LOOP : THREAD;
    }

    /** For operators. */
    public String text() {
      return switch (this) {
        case NOT -> "nowhere";
        case EVENT_LOOP -> "in process";
        case THREAD -> "in process, on a thread";
        case POLICY_SERVICE -> "policy service";
      };
    }
  }

  /**
   * Does something with its quota adapter that is not about a request; empty when it has none.
   *
   * @throws RuntimeException what the adapter throws
   */
  <T> Optional<T> withQuota(Function<QuotaAdapter, T> work) {
    if (handler.look(Template.QUOTA) instanceof Lease lease) {
      try {
        return Optional.of(work.apply((QuotaAdapter) lease.adapter()));
      } catch (RuntimeException e) {
        untold(e);
        throw e;
      } finally {
        lease.leave();
      }
    }
    return Optional.empty();
  }

  /** Whether its counters are here: it is asked here, or by proxies. */
  boolean countsHere() {
    Lease lease = handler.slot();
    return lease == null || lease.far() == null || handler.isServed();
  }

  /**
   * What it would answer now. A check is asked as ever; a quota is looked at and not taken from: it answers how it stands, and lets
   * go on what is not known. Nothing is counted. May wait, at most for the deadline.
   */
  public Answer explain(Asked asked) {
    Object entered = handler.look(asked.instance().template());
    if (!(entered instanceof Lease lease)) {
      return (Answer) entered;
    }
    if (asked.instance().template() == Template.QUOTA) {
      try {
        return standing(lease, asked);
      } catch (RuntimeException e) {
        untold(e);
        return handler.answerIn(Trouble.FAILED);
      } finally {
        lease.leave();
      }
    }
    CompletableFuture<Answer> said = new CompletableFuture<>();
    Far far = lease.far();
    if (far != null && !handler.isServed()) {
      lease.leave();
      far.ask(handler.name(), asked, said::complete);
    } else {
      lease.guard().callLater(handler.question(), lease.adapter(), asked, handler::answerIn, lease::leave, said::complete);
    }
    return said.completeOnTimeout(handler.answerIn(Trouble.LATE), LONGEST_SECONDS, TimeUnit.SECONDS).join();
  }

  private Answer standing(Lease lease, Asked asked) {
    Far far = lease.far();
    Grant.Standing standing =
        far != null && !handler.isServed() ? far.standing(handler.name(), asked) : ((QuotaAdapter) lease.adapter()).standing(asked.instance());
    return standing.limit() > 0 && standing.remaining() < asked.amount()
        ? Answer.exhausted(asked.instance(), standing)
        : new Answer.Said(Verdict.ALLOW, standing);
  }

  private void untold(RuntimeException e) {
    LOG.warn("handler {}: the adapter {} failed to tell of its counters", handler.name(), handler.adapterName(), e);
  }
}
