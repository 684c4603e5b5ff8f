package dev.tenon.mixer.dispatch;

import dev.tenon.mixer.accept.Accepted;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.guard.Trouble;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.QuotaAdapter;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A configured adapter: a slot that holds it while it is installed. Outlives the policies that use it
 * as long as its parameters stay the same, so that what the adapter has counted stays too.
 */
public final class Handler {
  private static final Logger LOG = LoggerFactory.getLogger(Handler.class);

  /** Stands for outputs that were not given. */
  private static final Map<String, Object> NOTHING = Collections.unmodifiableMap(new HashMap<>(0));

  private final Accepted.Handler spec;
  private final Function<Trouble, Answer> instead;
  private final Tally tally = new Tally();
  private final Outbox outbox = new Outbox(this);
  private volatile @Nullable Lease slot;
  private volatile Answer.Failed absence;

  Handler(Accepted.Handler spec, Limits limits) {
    this.spec = spec;
    Map<Trouble, Answer> answers = new EnumMap<>(Trouble.class);
    for (Trouble each : Trouble.values()) {
      answers.put(each, instead(each, limits));
    }
    this.instead = answers::get;
    this.absence = Answer.unavailable("the adapter " + spec.adapter() + " is not installed");
  }

  Accepted.Handler spec() {
    return spec;
  }

  Tally tally() {
    return tally;
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
  public Answer call(Lease lease, Asked asked) {
    long begin = System.nanoTime();
    try {
      return counted(lease.guard().call(Question.PUT, lease.adapter(), asked, instead), begin);
    } finally {
      lease.leave();
    }
  }

  /** Its full name. */
  public String name() {
    return spec.name();
  }

  /** Whether both are made of the same. */
  public boolean isOf(Accepted.Handler other) {
    return spec.equals(other);
  }

  /** Does something with its quota adapter that is not about a request; {@code instead} when it has none. */
  <T> T withQuota(Function<QuotaAdapter, T> work, T instead) {
    if (enter(Template.QUOTA) instanceof Lease lease) {
      try {
        return work.apply((QuotaAdapter) lease.adapter());
      } catch (RuntimeException e) {
        LOG.warn("handler {}: the adapter {} failed to tell of its counters", spec.name(), spec.adapter(), e);
      } finally {
        lease.leave();
      }
    }
    return instead;
  }

  /** The answer of a call that was begun, if it needs nobody to be waited for; the call is over then. */
  public @Nullable Answer atOnce(Lease lease, Asked asked) {
    Far far = lease.far();
    if (far == null) {
      return lease.nonBlocking() ? call(lease, asked) : null;
    }
    long begin = System.nanoTime();
    Answer known = far.known(spec.name(), asked);
    if (known == null) {
      return null;
    }
    lease.leave();
    return counted(known, begin);
  }

  /** Asks on behalf of a proxy: here, wherever this process's own requests are asked. */
  public void grant(Granting asked, Consumer<Answer> told) {
    Object entered = enter(asked.instance().template());
    if (!(entered instanceof Lease lease)) {
      told.accept((Answer) entered);
    } else if (lease.nonBlocking()) {
      Answer answer;
      try {
        answer = lease.guard().call(Granting.PUT, lease.adapter(), asked, instead);
      } finally {
        lease.leave();
      }
      told.accept(answer);
    } else {
      lease.guard().callLater(Granting.PUT, lease.adapter(), asked, instead, lease::leave, told);
    }
  }

  /**
   * Makes a call that was begun, on a thread of its own or far away.
   *
   * @param told the answer, once, on any thread; at the latest at the deadline
   */
  public void callLater(Lease lease, Asked asked, Consumer<Answer> told) {
    long begin = System.nanoTime();
    Consumer<Answer> noted = answer -> told.accept(counted(answer, begin));
    Far far = lease.far();
    if (far != null) {
      lease.leave();
      far.ask(spec.name(), asked, noted);
      return;
    }
    lease.guard().callLater(Question.PUT, lease.adapter(), asked, instead, lease::leave, noted);
  }

  private Answer counted(Answer answer, long begin) {
    tally.took(System.nanoTime() - begin);
    switch (answer) {
      case Answer.Said said when said.verdict() instanceof Verdict.Allow -> tally.allowed.increment();
      case Answer.Said ignored -> tally.denied.increment();
      case Answer.Granted ignored -> tally.allowed.increment();
      case Answer.Failed ignored -> tally.failed.increment();
    }
    return answer;
  }

  /** What an attribute-producing adapter says of a request: its outputs by name, or an {@link Answer.Failed}. */
  @SuppressWarnings("ReferenceEquality") // one map stands for no answer
  public Object generate(Instance instance) {
    Object entered = enter(instance.template());
    if (!(entered instanceof Lease lease)) {
      return entered;
    }
    long begin = System.nanoTime();
    try {
      Map<String, Object> outputs =
          lease.guard().<Adapter, Instance, Map<String, Object>>call(Question.GENERATE, lease.adapter(), instance, trouble -> NOTHING);
      tally.took(System.nanoTime() - begin);
      if (outputs == NOTHING) {
        tally.failed.increment();
        return instead.apply(Trouble.FAILED);
      }
      tally.generated.increment();
      return outputs;
    } finally {
      lease.leave();
    }
  }

  /** Has requests that are over told to the adapter; see {@link Outbox}. */
  public void report(List<Instance> batch) {
    outbox.offer(batch);
  }

  /** Counts a report that could not be made. */
  public void unmade() {
    tally.unmade.increment();
  }

  /** Waits until the adapter was told what was reported; a second at most. */
  public void awaitReports() {
    outbox.awaitEmpty(System.nanoTime() + TimeUnit.SECONDS.toNanos(1));
  }

  private Answer instead(Trouble trouble, Limits limits) {
    return Answer.unavailable(
        switch (trouble) {
          case BUSY -> "too many calls are under way";
          case LATE -> "no answer within " + limits.deadline().toMillis() + " ms";
          case NO_ANSWER -> "the adapter " + spec.adapter() + " gave no verdict";
          case LEFT_ALONE, FAILED, ENDED -> "the adapter " + spec.adapter() + " " + trouble.text();
        });
  }
}
