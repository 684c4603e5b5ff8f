package dev.tenon.mixer.dispatch;

import dev.tenon.mixer.accept.Accepted;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A configured adapter: a slot that holds it while it is installed. Outlives the policies that use it
 * as long as its parameters stay the same, so that what the adapter has counted stays too.
 */
public final class Handler {
  private static final Logger LOG = LoggerFactory.getLogger(Handler.class);

  private final Accepted.Handler spec;
  private final Health health;
  private final Semaphore places;
  private final Workers workers;
  private volatile @Nullable Lease slot;
  private volatile Answer.Failed absence;

  Handler(Accepted.Handler spec, Limits limits, Workers workers) {
    this.spec = spec;
    this.health = new Health(limits, System::nanoTime);
    this.places = new Semaphore(limits.concurrency());
    this.workers = workers;
    this.absence = Answer.unavailable("the adapter " + spec.adapter() + " is not installed");
  }

  Accepted.Handler spec() {
    return spec;
  }

  @Nullable Lease slot() {
    return slot;
  }

  /** Puts an adapter into the slot and returns the one that was there. */
  @Nullable Lease fill(Lease lease) {
    Lease old = slot;
    slot = lease;
    return old;
  }

  /** Empties the slot and returns the adapter that was there. */
  @Nullable Lease empty(String reason) {
    Lease old = slot;
    absence = Answer.unavailable(reason);
    slot = null;
    return old;
  }

  /** Begins a call: a {@link Lease} to make it with, or an {@link Answer.Failed}. */
  public Object enter(Template template) {
    Lease lease = slot;
    while (lease != null) {
      if (!lease.plug().templates().contains(template)) {
        return Answer.unavailable(
            "the adapter " + spec.adapter() + " takes no " + template.wireName());
      }
      if (lease.enter()) {
        return lease;
      }
      Lease next = slot;
      lease = next == lease ? null : next;
    }
    return absence;
  }

  /** Makes a call that was begun, here and now. */
  public Answer call(Lease lease, Instance instance) {
    try {
      if (!health.admits()) {
        return leftAlone();
      }
      Answer answer = ask(lease, instance);
      note(answer);
      return answer;
    } finally {
      lease.leave();
    }
  }

  /**
   * Makes a call that was begun, on a thread of its own.
   *
   * @param told the answer, once, on any thread; at the latest at the deadline
   */
  public void callLater(Lease lease, Instance instance, Consumer<Answer> told) {
    if (!places.tryAcquire()) {
      lease.leave();
      told.accept(Answer.unavailable("too many calls are under way"));
      return;
    }
    if (!health.admits()) {
      places.release();
      lease.leave();
      told.accept(leftAlone());
      return;
    }
    boolean started =
        workers.run(
            spec.name(),
            lease.adapter().getClass().getClassLoader(),
            () -> ask(lease, instance),
            () -> {
              places.release();
              lease.leave();
            },
            answer -> {
              note(answer);
              told.accept(answer);
            });
    if (!started) {
      places.release();
      lease.leave();
      told.accept(Answer.unavailable("mixer is closing"));
    }
  }

  private Answer leftAlone() {
    return Answer.unavailable("the adapter " + spec.adapter() + " kept failing and is left alone");
  }

  private Answer ask(Lease lease, Instance instance) {
    try {
      Verdict verdict = Question.put(lease.adapter(), instance);
      if (verdict instanceof Verdict.Allow
          || (verdict instanceof Verdict.Deny deny && deny.code() != null)) {
        return new Answer.Said(verdict);
      }
      LOG.warn("handler {}: the adapter {} gave {}", spec.name(), spec.adapter(), verdict);
      return Answer.unavailable("the adapter " + spec.adapter() + " gave no verdict");
    } catch (Throwable t) {
      // A plug-in may throw anything: its stack may overflow, its classes may fail to link.
      LOG.warn("handler {}: the adapter {} failed", spec.name(), spec.adapter(), t);
      return Answer.unavailable("the adapter " + spec.adapter() + " failed");
    }
  }

  private void note(Answer answer) {
    if (answer instanceof Answer.Said) {
      if (health.succeeded()) {
        LOG.info("handler {}: the adapter {} is well again", spec.name(), spec.adapter());
      }
    } else if (health.failed()) {
      LOG.warn("handler {}: the adapter {} keeps failing and is left alone", spec.name(), spec.adapter());
    }
  }
}
