package dev.tenon.mixer.dispatch;

import dev.tenon.mixer.accept.Accepted;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.guard.Trouble;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.Grant;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A configured adapter: a slot that holds it while it is installed. Outlives the policies that use it
 * as long as its parameters stay the same, so that what the adapter has counted stays too.
 */
public final class Handler {
  /** Stands for outputs that were not given. */
  private static final Map<String, Object> NOTHING = Collections.unmodifiableMap(new HashMap<>(0));

  private final Accepted.Handler spec;
  private final Map<Trouble, Answer> answers = new EnumMap<>(Trouble.class);
  private final Function<Trouble, Answer> instead;
  private final Tally tally = new Tally();
  /** What other processes asked. */
  private final Tally served = new Tally();
  private final Question question = new Question();
  private final Verdicts verdicts = new Verdicts();
  private final Outbox outbox = new Outbox(this);
  private final Inspection inspection = new Inspection(this);
  private volatile boolean isServed;
  private volatile @Nullable Lease slot;
  private volatile Answer.Failed absence;

  Handler(Accepted.Handler spec, Limits limits) {
    this.spec = spec;
    for (Trouble each : Trouble.values()) {
      answers.put(each, answer(each, limits));
    }
    this.instead =
        trouble -> {
          tally.cause(cause(trouble)).increment();
          return answerIn(trouble);
        };
    this.absence = Answer.unavailable("the adapter " + spec.adapter() + " is not installed");
  }

  private static Tally.Cause cause(Trouble trouble) {
    return switch (trouble) {
      case BUSY -> Tally.Cause.BUSY;
      case LATE -> Tally.Cause.LATE;
      case FAILED, NO_ANSWER -> Tally.Cause.FAILED;
      case LEFT_ALONE, ENDED -> Tally.Cause.LEFT_ALONE;
    };
  }

  Accepted.Handler spec() {
    return spec;
  }

  Tally tally() {
    return tally;
  }

  Tally served() {
    return served;
  }

  @Nullable Lease slot() {
    return slot;
  }

  /** Why it cannot be asked while its slot is empty. */
  String absence() {
    return absence.reason();
  }

  /** What is answered instead of an adapter that is in trouble. */
  Answer answerIn(Trouble trouble) {
    return Objects.requireNonNull(answers.get(trouble));
  }

  /** As a guard puts it. */
  Question question() {
    return question;
  }

  /** What it tells operators. */
  public Inspection inspection() {
    return inspection;
  }

  /** Puts an adapter into the slot and returns the one that was there. */
  @Nullable Lease fill(Lease lease) {
    Lease old = slot;
    slot = lease;
    verdicts.clear();
    return old;
  }

  /** Empties the slot and returns the adapter that was there. */
  @Nullable Lease empty(String reason) {
    Lease old = slot;
    absence = Answer.unavailable(reason);
    slot = null;
    verdicts.clear();
    return old;
  }

  /** Begins a call: a {@link Lease} to make it with, or an {@link Answer.Failed}, which is counted. */
  public Object enter(Template template) {
    Object entered = look(template);
    if (entered instanceof Answer.Failed) {
      tally.failed.increment();
      tally.cause(Tally.Cause.ABSENT).increment();
    }
    return entered;
  }

  /** The same for operators: nothing is counted. */
  public Object look(Template template) {
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
      return counted(tally, lease.guard().call(question, lease.adapter(), asked, instead), begin);
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

  /** The answer of a call that was begun, if it needs nobody to be waited for; the call is over then. */
  public @Nullable Answer atOnce(Lease lease, Asked asked) {
    Far far = asked.here() ? null : lease.far();
    if (far == null && lease.nonBlocking()) {
      return call(lease, asked);
    }
    if (far == null && asked.instance().template() == Template.QUOTA) {
      return null; // what was granted once is not granted again
    }
    Answer known = far == null ? verdicts.known(spec.name(), asked, System.nanoTime()) : far.known(spec.name(), asked);
    if (known == null) {
      tally.misses.increment();
      return null;
    }
    lease.leave();
    tally.hits.increment();
    return said(tally, known);
  }

  /** Asks on behalf of a proxy: here, wherever this process's own requests are asked. */
  public void grant(Granting asked, Consumer<Answer> told) {
    Object entered = enter(asked.instance().template());
    if (!(entered instanceof Lease lease)) {
      told.accept((Answer) entered);
    } else if (lease.nonBlocking()) {
      long begin = System.nanoTime();
      Answer answer;
      try {
        answer = counted(served, lease.guard().call(Granting.PUT, lease.adapter(), asked, instead), begin);
      } finally {
        lease.leave();
      }
      told.accept(answer);
    } else {
      long begin = System.nanoTime();
      lease.guard().callLater(Granting.PUT, lease.adapter(), asked, instead, lease::leave, answer -> told.accept(counted(served, answer, begin)));
    }
  }

  /**
   * Makes a call that was begun, on a thread of its own or far away.
   *
   * @param told the answer, once, on any thread; at the latest at the deadline
   */
  public void callLater(Lease lease, Asked asked, Consumer<Answer> told) {
    long begin = System.nanoTime();
    Consumer<Answer> noted = answer -> told.accept(counted(tally, answer, begin));
    Far far = asked.here() ? null : lease.far();
    if (far != null) {
      lease.leave();
      far.ask(spec.name(), asked, answer -> {
        if (answer instanceof Answer.Failed) {
          tally.cause(Tally.Cause.FAR).increment();
        }
        noted.accept(answer);
      });
      return;
    }
    Watched watched = new Watched(asked.instance().attributes());
    lease.guard().callLater(question, lease.adapter(), asked.with(watched), instead, lease::leave, answer -> {
      if (!watched.wasRead()) {
        verdicts.keep(spec.name(), asked, answer, begin, System.nanoTime());
      }
      noted.accept(answer);
    });
  }

  private static Answer counted(Tally tally, Answer answer, long begin) {
    tally.took(System.nanoTime() - begin);
    return said(tally, answer);
  }

  private static Answer said(Tally tally, Answer answer) {
    switch (answer) {
      case Answer.Said said when said.verdict() instanceof Verdict.Allow -> tally.allowed.increment();
      case Answer.Said ignored -> tally.denied.increment();
      case Answer.Granted(Grant grant) when grant.granted() == 0 -> tally.denied.increment();
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

  /** The name of its adapter. */
  public String adapterName() {
    return spec.adapter();
  }

  /** Says that proxies ask this process about it. */
  public void serve() {
    isServed = true;
  }

  /** Whether proxies ask this process about it. */
  boolean isServed() {
    return isServed;
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

  private Answer answer(Trouble trouble, Limits limits) {
    return Answer.unavailable(
        switch (trouble) {
          case BUSY -> "too many calls are under way";
          case LATE -> "no answer within " + limits.deadline().toMillis() + " ms";
          case NO_ANSWER -> "the adapter " + spec.adapter() + " gave no verdict";
          case LEFT_ALONE, FAILED, ENDED -> "the adapter " + spec.adapter() + " " + trouble.text();
        });
  }
}
