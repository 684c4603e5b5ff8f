package dev.tenon.mixer.share;

import dev.tenon.mixer.dispatch.Answer;
import dev.tenon.wire.policy.v1.Granted;
import dev.tenon.wire.policy.v1.Judgement;
import java.util.function.Consumer;

/** Takes an answer apart; what was not expected is a failure. */
abstract class Said implements Line.Reply {
  private final Consumer<Answer> failed;

  Said(Consumer<Answer> failed) {
    this.failed = failed;
  }

  void granted(Granted granted, long sent) {
    failed("the policy service granted where it should judge");
  }

  void judged(Judgement judgement, long sent) {
    failed("the policy service judged where it should grant");
  }

  @Override
  public final void said(dev.tenon.wire.policy.v1.Answer answer, long sent) {
    switch (answer.getSaidCase()) {
      case GRANTED -> granted(answer.getGranted(), sent);
      case JUDGEMENT -> judged(answer.getJudgement(), sent);
      case FAILED -> failed.accept(new Answer.Failed(Shared.code(answer.getFailed().getCode()), answer.getFailed().getReason()));
      case SAID_NOT_SET -> failed("the policy service said nothing");
    }
  }

  @Override
  public final void failed(String reason) {
    failed.accept(Answer.unavailable(reason));
  }
}
