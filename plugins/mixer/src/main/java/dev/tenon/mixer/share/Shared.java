package dev.tenon.mixer.share;

import dev.tenon.mixer.dispatch.Answer;
import dev.tenon.mixer.dispatch.Asked;
import dev.tenon.mixer.dispatch.Far;
import dev.tenon.mixer.dispatch.Verdicts;
import dev.tenon.spi.policy.Grant;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import dev.tenon.spi.telemetry.MetricSnapshot.Kind;
import dev.tenon.spi.telemetry.MetricSnapshot.Sample;
import dev.tenon.wire.policy.v1.Granted;
import dev.tenon.wire.policy.v1.Judgement;
import dev.tenon.wire.policy.v1.Question;
import dev.tenon.wire.value.Words;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The proxy's side of shared handlers. What can be answered here is: by what was granted ahead, by a refusal that
 * still holds, by a verdict that does. The rest is asked.
 */
public final class Shared implements Far, AutoCloseable {
  /** Between an answer and the request that goes on. */
  private static final long MARGIN = 1_000_000;

  private static final int MOST_LATE = 3;

  private final Terms terms;
  private final ScheduledExecutorService loop;
  private final LongSupplier clock;
  private final Line line;
  private final Verdicts verdicts = new Verdicts();
  private final Pools pools = new Pools();
  private final String origin = Long.toHexString(new java.security.SecureRandom().nextLong());
  private final LongAdder asked = new LongAdder();
  private final LongAdder trips = new LongAdder();
  private final @Nullable Journal journal;

  /**
   * How it is asked.
   *
   * @param deadline for each request
   * @param prefetch whether more is asked for than is needed now
   * @param spendEarly whether a request may pass before the answer comes that says so, as with Mixer: a limit is
   *     then passed by up to what a second takes
   */
  public record Terms(Duration deadline, boolean prefetch, boolean spendEarly) {}

  /**
   * Nothing is dialled before the first question.
   *
   * @param loop one thread; what comes from the service is handled there
   */
  public Shared(Supplier<ManagedChannel> dial, ScheduledExecutorService loop, Terms terms, LongSupplier clock) {
    this(dial, loop, terms, clock, null);
  }

  /** @param journal of what is spent; null: none is kept */
  public Shared(
      Supplier<ManagedChannel> dial, ScheduledExecutorService loop, Terms terms, LongSupplier clock, @Nullable Journal journal) {
    this.journal = journal;
    this.terms = terms;
    this.loop = loop;
    this.clock = clock;
    this.line = new Line(dial, loop, terms.deadline(), clock);
  }

  @Override
  public @Nullable Answer known(String handler, Asked question) {
    asked.increment();
    long now = clock.getAsLong();
    if (question.instance().template() != Template.QUOTA) {
      return verdicts.known(handler, question, now);
    }
    Pool pool = pool(handler, question.instance(), now);
    pool.used(question.amount(), now);
    if (pool.spend(question.amount(), now)) {
      refill(handler, question, pool, now);
      return spent(handler, question, pool, now);
    }
    if (pool.refuses(question.amount(), now)) {
      askAgain(handler, question, pool, now);
      return exhausted(question, pool);
    }
    if (terms.prefetch() && terms.spendEarly() && !pool.fetching) {
      pool.fetching = true;
      execute(() -> fetch(pool, handler, question, question.amount(), true, List.of()));
      return spent(handler, question, pool, now);
    }
    return null;
  }

  @Override
  public Grant.Standing standing(String handler, Asked question) {
    long now = clock.getAsLong();
    Pool pool = pools.known(handler, question.instance(), now);
    if (pool == null) {
      return Grant.Standing.UNKNOWN;
    }
    Grant.Standing told = pool.standing();
    return new Grant.Standing(told.limit(), told.remaining() + pool.left(now), told.reset());
  }

  /** Asks for more before it is needed, when little is left. */
  private void refill(String handler, Asked question, Pool pool, long now) {
    if (terms.prefetch() && !pool.fetching && pool.isLow(now) && !pool.refuses(1, now)) {
      pool.fetching = true;
      execute(() -> fetch(pool, handler, question, 1, false, List.of()));
    }
  }

  /**
   * A refusal may have become untrue: an operator forgot what was spent, or raised the limit. Nobody waits for the answer; while none
   * comes the refusal holds until its window ends.
   */
  private void askAgain(String handler, Asked question, Pool pool, long now) {
    if (pool.isToAskAgain(now)) {
      execute(() -> fetch(pool, handler, question, question.amount(), false, List.of()));
    }
  }

  private void execute(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      throw new IllegalStateException("the process is ending", e);
    }
  }

  private Pool pool(String handler, Instance instance, long now) {
    return pools.of(handler, instance, now);
  }

  private static Answer exhausted(Asked question, Pool pool) {
    return Answer.exhausted(question.instance(), pool.standing());
  }

  private Answer spent(String handler, Asked question, Pool pool, long now) {
    note(handler, question);
    return allowed(pool, now);
  }

  private void note(String handler, Asked question) {
    if (journal != null) {
      journal.spent(question.amount(), handler, question.instance().name());
    }
  }

  /** What was granted ahead and is not spent yet is left to this proxy's callers. */
  private static Answer allowed(Pool pool, long now) {
    Grant.Standing told = pool.standing();
    return new Answer.Said(
        Verdict.ALLOW, new Grant.Standing(told.limit(), told.remaining() + pool.left(now), told.reset()));
  }

  private static Settling.Open open(Granted granted, long amount, long sent) {
    return Settling.Open.of(granted.getMark(), amount, sent, granted.getValidityNanos());
  }

  private static Grant.Standing standing(Granted granted) {
    return new Grant.Standing(granted.getLimit(), granted.getRemaining(), Duration.ofNanos(granted.getResetNanos()));
  }

  @Override
  public void ask(String handler, Asked question, Consumer<Answer> told) {
    long deadline = clock.getAsLong() + terms.deadline().toNanos();
    try {
      loop.execute(() -> begin(new Waiter(handler, question, deadline, told)));
    } catch (RejectedExecutionException e) {
      told.accept(Answer.unavailable("the process is ending"));
    }
  }

  private void begin(Waiter waiter) {
    if (waiter.asked.instance().template() != Template.QUOTA) {
      judge(waiter);
      return;
    }
    Pool pool = pool(waiter.handler, waiter.asked.instance(), clock.getAsLong());
    if (!terms.prefetch()) {
      take(pool, waiter);
      return;
    }
    pool.waiting.add(waiter);
    bound(waiter);
    if (!pool.fetching) {
      fetchForAll(pool);
    }
  }

  /** Whoever may need several answers has one deadline for all of them. */
  private void bound(Waiter waiter) {
    loop.schedule(
        () -> waiter.tell(Answer.unavailable("the policy service gave no answer in time")),
        waiter.deadline - clock.getAsLong(),
        TimeUnit.NANOSECONDS);
  }

  private Question.Builder question(String handler, Asked asked) {
    trips.increment();
    Question.Builder question =
        Question.newBuilder()
            .setId(line.nextId())
            .setHandler(handler)
            .setInstance(asked.instance().name())
            .setTemplate(asked.instance().template().wireName());
    question.putAllValues(Words.of(asked.instance().values()));
    return question;
  }

  private void judge(Waiter waiter) {
    line.ask(question(waiter.handler, waiter.asked).build(), new Said(waiter::tell) {
      @Override
      void judged(Judgement judgement, long sent) {
        Answer answer = new Answer.Said(verdict(judgement));
        verdicts.keep(waiter.handler, waiter.asked, answer, sent, clock.getAsLong());
        waiter.tell(answer);
      }
    });
  }

  private static Verdict verdict(Judgement judgement) {
    Verdict.Validity validity = new Verdict.Validity(Duration.ofNanos(judgement.getValidNanos()), judgement.getUses());
    return judgement.getCode() == 0
        ? new Verdict.Allow(validity)
        : new Verdict.Deny(code(judgement.getCode()), judgement.getMessage(), validity);
  }

  static Verdict.Code code(int number) {
    return Arrays.stream(Verdict.Code.values()).filter(each -> each.number() == number).findFirst().orElse(Verdict.Code.UNAVAILABLE);
  }

  private Question.Builder charge(Pool pool, String handler, Asked asked, long amount, long ahead) {
    pool.settle(clock.getAsLong());
    Question.Builder question = question(handler, asked).setAmount(amount).setAhead(ahead).setHoldNanos(line.hold());
    pool.settling.tell(question);
    return question.setDeduplicationId(origin + "-" + question.getId());
  }

  /** Without prefetch: each request asks for itself. */
  private void take(Pool pool, Waiter waiter) {
    long amount = waiter.asked.amount();
    line.ask(charge(pool, waiter.handler, waiter.asked, amount, 0).build(), new Said(waiter::tell) {
      @Override
      void granted(Granted granted, long sent) {
        long now = clock.getAsLong();
        long until = sent + granted.getValidityNanos();
        pool.standing(standing(granted));
        if (granted.getAmount() < amount) {
          pool.refuse(amount, until, now);
          waiter.tell(exhausted(waiter.asked, pool));
        } else if (until - MARGIN - now > 0) {
          note(waiter.handler, waiter.asked);
          waiter.tell(new Answer.Said(Verdict.ALLOW, pool.standing()));
          pool.settling.spent(open(granted, granted.getAmount(), sent), clock.getAsLong());
        } else if (++waiter.late < MOST_LATE && waiter.deadline - now > 0) {
          pool.settling.unspent(granted.getMark(), granted.getAmount());
          bound(waiter);
          take(pool, waiter);
        } else {
          pool.settling.unspent(granted.getMark(), granted.getAmount());
          waiter.tell(Answer.unavailable("the policy service's grants come too late"));
        }
      }
    });
  }

  /**
   * Asks for what is needed and for what will be.
   *
   * @param spent whether the amount was spent already
   * @param all those who need it; of several, some will do with what there is
   */
  private void fetch(Pool pool, String handler, Asked asked, long amount, boolean spent, List<Waiter> all) {
    long ahead = terms.prefetch() ? Math.max(0, pool.wanted(clock.getAsLong()) - amount) : 0;
    boolean some = all.size() > 1;
    Question question = charge(pool, handler, asked, amount, ahead).setBestEffort(some).build();
    line.ask(question, new Said(failure -> fail(pool, failure)) {
      @Override
      void granted(Granted granted, long sent) {
        long now = clock.getAsLong();
        long until = sent + granted.getValidityNanos();
        boolean isInTime = until - MARGIN - now > 0;
        pool.standing(standing(granted));
        long more = granted.getAmount() - (spent ? amount : 0);
        if (granted.getAmount() == 0) {
          pool.refuse(some ? 1 : amount, until, now);
        } else {
          pool.lift(amount, now);
        }
        if (more > 0 && isInTime) {
          pool.put(open(granted, more, sent), until - MARGIN, now);
        } else {
          pool.settling.unspent(granted.getMark(), more);
        }
        pool.fetching = false;
        if (isInTime && granted.getAmount() < amount) {
          all.forEach(each -> share(pool, each, now));
        }
        serve(pool, now);
      }
    });
  }

  /** One question for all who wait: none of them waits for longer than the question that was under way, and this one. */
  private void fetchForAll(Pool pool) {
    pool.waiting.removeIf(Waiter::isOver);
    List<Waiter> all = List.copyOf(pool.waiting);
    long amount = all.stream().mapToLong(each -> each.asked.amount()).reduce(0, (one, other) -> one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other);
    pool.fetching = true;
    fetch(pool, all.getFirst().handler, all.getFirst().asked, amount, false, all);
  }

  /** There is no more than what was granted, so it has to do. */
  private void share(Pool pool, Waiter waiter, long now) {
    if (!waiter.isOver()) {
      waiter.tell(
          pool.spend(waiter.asked.amount(), now) ? spent(waiter.handler, waiter.asked, pool, now) : exhausted(waiter.asked, pool));
    }
  }

  /** Those who wait get what there is; for the first that there is not enough for, more is asked. */
  private void serve(Pool pool, long now) {
    while (!pool.waiting.isEmpty()) {
      Waiter first = Objects.requireNonNull(pool.waiting.peek());
      if (first.isOver()) {
        pool.waiting.remove();
        continue;
      }
      if (pool.spend(first.asked.amount(), now)) {
        first.tell(spent(first.handler, first.asked, pool, now));
      } else if (pool.refuses(first.asked.amount(), now)) {
        first.tell(exhausted(first.asked, pool));
      } else {
        if (!pool.fetching) {
          fetchForAll(pool);
        }
        return;
      }
      pool.waiting.remove();
    }
  }

  private static void fail(Pool pool, Answer failure) {
    pool.fetching = false;
    while (!pool.waiting.isEmpty()) {
      pool.waiting.remove().tell(failure);
    }
  }

  /** How many questions were asked. */
  long trips() {
    return trips.sum();
  }

  /** How often it was asked, and how many questions to the policy service that took. */
  public List<Family> figures() {
    return List.of(figure("tenon_policy_shared_asked_total", asked), figure("tenon_policy_shared_trips_total", trips));
  }

  private static Family figure(String name, LongAdder count) {
    return new Family(name, Kind.COUNTER, List.of(Sample.of(Map.of(), (double) count.sum())));
  }

  @Override
  public void close() {
    execute(line::close);
  }
}
