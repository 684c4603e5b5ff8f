package dev.tenon.mixer.share;

import dev.tenon.mixer.dispatch.Answer;
import dev.tenon.mixer.dispatch.Asked;
import java.util.function.Consumer;

/** A request that waits for an answer. On one thread. */
final class Waiter {
  final String handler;
  final Asked asked;
  final long deadline;
  private final Consumer<Answer> told;
  private boolean over;

  /** How often it was granted something that was not valid any more when it came. */
  int late;

  Waiter(String handler, Asked asked, long deadline, Consumer<Answer> told) {
    this.handler = handler;
    this.asked = asked;
    this.deadline = deadline;
    this.told = told;
  }

  boolean isOver() {
    return over;
  }

  void tell(Answer answer) {
    if (!over) {
      over = true;
      told.accept(answer);
    }
  }
}
