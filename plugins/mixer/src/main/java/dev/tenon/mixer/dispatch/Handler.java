package dev.tenon.mixer.dispatch;

import dev.tenon.mixer.accept.Accepted;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.guard.Trouble;
import dev.tenon.spi.policy.Template;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A configured adapter: a slot that holds it while it is installed. Outlives the policies that use it
 * as long as its parameters stay the same, so that what the adapter has counted stays too.
 */
public final class Handler {
  private final Accepted.Handler spec;
  private final Function<Trouble, Answer> instead;
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
    try {
      return lease.guard().call(Question.PUT, lease.adapter(), asked, instead);
    } finally {
      lease.leave();
    }
  }

  /**
   * Makes a call that was begun, on a thread of its own.
   *
   * @param told the answer, once, on any thread; at the latest at the deadline
   */
  public void callLater(Lease lease, Asked asked, Consumer<Answer> told) {
    lease.guard().callLater(Question.PUT, lease.adapter(), asked, instead, lease::leave, told);
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
