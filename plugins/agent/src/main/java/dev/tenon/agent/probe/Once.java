package dev.tenon.agent.probe;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** One check's answer: the first one counts, and none after it was broken off. */
final class Once implements Consumer<Verdict> {
  private final AtomicBoolean answered = new AtomicBoolean();
  private final Consumer<Verdict> answer;

  Once(Consumer<Verdict> answer) {
    this.answer = answer;
  }

  @Override
  public void accept(Verdict verdict) {
    if (answered.compareAndSet(false, true)) {
      answer.accept(verdict);
    }
  }

  /** Nothing shall be answered any more. */
  void mute() {
    answered.set(true);
  }
}
