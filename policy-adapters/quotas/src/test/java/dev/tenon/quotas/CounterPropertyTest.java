package dev.tenon.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.quotas.Limit.Kind;
import dev.tenon.spi.policy.Charge;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is asked whenever, each kind of counter does what its definition says. */
class CounterPropertyTest {
  private static final long WINDOW = 2_000_000_000L;

  /** Some time passes, then something is asked. */
  record Step(long passes, Ask ask) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    // Edges: no time at all, right before, at and after a window's end, and long after.
    Arbitrary<Long> passes =
        Arbitraries.oneOf(
            Arbitraries.longs().between(0, WINDOW / 50),
            Arbitraries.of(0L, 1L, WINDOW - 1, WINDOW, WINDOW + 1, WINDOW / 2, WINDOW * 10));
    Arbitrary<Ask> asks =
        Combinators.combine(
                Arbitraries.longs().between(1, 150), // limits below are 1 to 120: some amounts can never be granted
                Arbitraries.of(true, false),
                Arbitraries.of(0L, 0L, 10L, 1000L),
                Arbitraries.longs().between(1, 40))
            .as((amount, best, ahead, share) -> new Ask(amount, best, amount + ahead, share, 0));
    return Combinators.combine(passes, asks).as(Step::new).list().ofMaxSize(150);
  }

  @Provide
  Arbitrary<Limit> limits() {
    return Combinators.combine(Arbitraries.of(Kind.class), Arbitraries.longs().between(1, 120), Arbitraries.longs().between(1, 120))
        .as((kind, max, burst) -> new Limit(kind, max, WINDOW, kind == Kind.GCRA ? burst : max));
  }

  @Property(tries = 400)
  void whatIsSpentIsWhatTheDefinitionSaysOrATraceMore(@ForAll("steps") List<Step> steps, @ForAll("limits") Limit limit) {
    Counter counter = Counter.of(limit);
    Model model = new Model();
    long now = -5_000_000_000L; // a monotonic clock may begin anywhere
    for (Step step : steps) {
      now += step.passes();
      long spentBefore = model.spent(limit, now);
      long tellsBefore = counter.spent(now);
      assertThat(tellsBefore).as("counts at least what was spent").isGreaterThanOrEqualTo(spentBefore);
      if (limit.kind() == Kind.FIXED) {
        assertThat(tellsBefore).isEqualTo(spentBefore);
      } else if (limit.kind() == Kind.ROLLING) {
        assertThat(tellsBefore).as("counts a thousandth of a window too long").isLessThanOrEqualTo(model.spent(limit, now - WINDOW / 1024 - 1));
      } else {
        assertThat(tellsBefore - spentBefore).as("rounds a nanosecond").isLessThanOrEqualTo(1);
      }
      long most = limit.kind() == Kind.GCRA ? limit.burst() : limit.max();
      assertThat(counter.left(now)).isEqualTo(Math.max(0, most - tellsBefore));
      long left = counter.left(now);
      long granted = counter.take(now, step.ask());
      assertThat(granted).isEqualTo(step.ask().outOf(left));
      if (granted > 0) {
        model.spend(limit, now, granted, step.ask().held(WINDOW));
      }
    }
  }

  @Property(tries = 400)
  void noWindowEverHoldsMoreThanTheLimit(@ForAll("steps") List<Step> steps, @ForAll("limits") Limit limit) {
    Counter counter = Counter.of(limit);
    Model model = new Model();
    long now = 0;
    long fixedStart = Long.MIN_VALUE;
    long inFixed = 0;
    for (Step step : steps) {
      now += step.passes();
      if (counter.isOver(now)) {
        fixedStart = now;
        inFixed = 0;
      }
      long granted = counter.take(now, step.ask());
      inFixed += granted;
      model.spend(limit, now, granted, 0);
      switch (limit.kind()) {
        case FIXED -> assertThat(inFixed).as("since %s", fixedStart).isLessThanOrEqualTo(limit.max());
        case ROLLING -> assertThat(inWindow(model, now)).isLessThanOrEqualTo(limit.max());
        case GCRA -> assertThat(inWindow(model, now)).isLessThanOrEqualTo(limit.max() + limit.burst());
      }
    }
  }

  private static long inWindow(Model model, long end) {
    return model.all().stream().filter(each -> each.time() > end - WINDOW).mapToLong(Model.Spent::amount).sum();
  }

  @Property(tries = 300)
  void whatIsGrantedAheadMayBeSpentAtTheLastMomentOfItsValidity(@ForAll("steps") List<Step> steps) {
    Limit limit = Limit.of(Kind.ROLLING, 100, WINDOW);
    Counter counter = Counter.of(limit);
    Model late = new Model();
    long now = 0;
    for (Step step : steps) {
      now += step.passes();
      Ask ask = new Ask(step.ask().amount(), step.ask().bestEffort(), step.ask().most(), step.ask().share(), 3_000_000);
      long granted = counter.take(now, ask);
      long spentAt = now + counter.validity(now, ask);
      if (granted > 0) {
        late.spend(limit, spentAt, granted, 0);
      }
      long end = spentAt;
      assertThat(late.all().stream().filter(each -> each.time() > end - WINDOW && each.time() <= end).mapToLong(Model.Spent::amount).sum())
          .isLessThanOrEqualTo(100);
    }
  }

  /** A grant of which a part was spent, at some moment while it was valid. */
  record Held(long mark, long amount, long spentAt, long spent) {}

  /** Proxies hold grants for different times and tell afterwards when they spent them, or that they did not. */
  @Property(tries = 400)
  void whatIsSettledCountsFromWhenItWasSpentAndNoWindowHoldsMore(@ForAll("steps") List<Step> steps, @ForAll("holds") List<Long> holds) {
    Limit limit = Limit.of(Kind.ROLLING, 100, WINDOW);
    Counter counter = Counter.of(limit);
    List<Held> all = new ArrayList<>();
    List<Held> open = new ArrayList<>();
    long now = -3_000_000_000L;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      now += step.passes();
      for (Held each : List.copyOf(open)) {
        if (each.spentAt() <= now) {
          settle(counter, each, now);
          open.remove(each);
        }
      }
      assertThat(counter.spent(now)).as("too much").isLessThanOrEqualTo(countedAtMost(all, open, now));
      Ask ask = new Ask(step.ask().amount(), step.ask().bestEffort(), step.ask().most(), step.ask().share(), holds.get(i % holds.size()));
      long granted = counter.take(now, ask);
      if (granted > 0) {
        long held = ask.held(WINDOW);
        Held each = new Held(now + held, granted, now + held * (i % 5) / 5, i % 3 == 0 ? granted / 2 : granted);
        all.add(each);
        open.add(each);
      }
    }
    for (Held last : all) {
      long end = last.spentAt();
      assertThat(all.stream().filter(each -> each.spentAt() > end - WINDOW && each.spentAt() <= end).mapToLong(Held::spent).sum())
          .as("in the window that ends at %s", end).isLessThanOrEqualTo(100);
    }
  }

  private static void settle(Counter counter, Held held, long now) {
    if (held.spent() > 0) {
      counter.settle(now, held.mark(), held.spent(), held.mark() - held.spentAt());
    }
    if (held.spent() < held.amount()) {
      counter.settle(now, held.mark(), held.amount() - held.spent(), Charge.Settled.NEVER.toNanos());
    }
  }

  private static long countedAtMost(List<Held> all, List<Held> open, long now) {
    long end = now - WINDOW - WINDOW / 1024 - 1;
    return all.stream()
        .mapToLong(each -> open.contains(each) ? (each.mark() > end ? each.amount() : 0) : (each.spentAt() > end ? each.spent() : 0))
        .sum();
  }

  @Provide
  Arbitrary<List<Long>> holds() {
    return Arbitraries.longs().between(1, WINDOW / 3).list().ofMinSize(1).ofMaxSize(20);
  }

  @Property(tries = 300)
  void aLimitThatIsChangedLiveHoldsAtOnceForWhatWasSpentBefore(
      @ForAll("steps") List<Step> before, @ForAll("limits") Limit old, @ForAll("limits") Limit next, @ForAll("steps") List<Step> after) {
    Counter counter = Counter.of(old);
    long now = 0;
    for (Step step : before) {
      now += step.passes();
      counter.take(now, step.ask());
    }
    long spent = counter.spent(now);
    counter = counter.under(next, now);
    if (next.kind() != Kind.GCRA) {
      assertThat(counter.spent(now)).isEqualTo(spent);
      assertThat(counter.left(now)).isEqualTo(Math.max(0, next.max() - spent));
    }
    for (Step step : after) {
      now += step.passes();
      counter.take(now, step.ask());
      long most = next.kind() == Kind.GCRA ? next.burst() : next.max();
      assertThat(counter.spent(now)).isLessThanOrEqualTo(Math.max(most, spent));
      spent = Math.max(0, counter.spent(now));
    }
  }

  @Property(tries = 300)
  void aCounterGoesOnFromItsStateAsItWouldHaveGoneOn(@ForAll("steps") List<Step> steps, @ForAll("limits") Limit limit) {
    Counter counter = Counter.of(limit);
    long now = 0;
    for (Step step : steps) {
      now += step.passes();
      counter.take(now, step.ask());
    }
    Counter successor = Counter.of(limit, counter.state(now));
    assertThat(successor.spent(now)).isBetween(counter.spent(now), counter.spent(now) + (limit.kind() == Kind.GCRA ? 1 : 0));
    assertThat(successor.spent(now + WINDOW / 3)).isGreaterThanOrEqualTo(counter.spent(now + WINDOW / 3));
    assertThat(successor.isOver(now + 300 * WINDOW)).isTrue();
  }

  @Property(tries = 300)
  void aRefusalHoldsAsLongAsItSaysAndNoLonger(@ForAll("steps") List<Step> steps, @ForAll("limits") Limit limit) {
    Counter counter = Counter.of(limit);
    long now = 0;
    for (Step step : steps) {
      now += step.passes();
      long amount = step.ask().amount();
      if (counter.take(now, Ask.of(amount)) == 0) {
        long holds = counter.refusal(now, amount);
        long most = limit.kind() == Kind.GCRA ? limit.burst() : limit.max();
        assertThat(holds).isPositive();
        assertThat(counter.left(now + holds - 1)).as("right before").isLessThan(amount);
        if (amount <= most) {
          assertThat(counter.left(now + holds + 1)).as("right after").isGreaterThanOrEqualTo(amount);
        }
        now += holds;
      }
    }
  }
}
