package dev.tenon.mixer.serve;

import dev.tenon.mixer.dispatch.Granting;
import dev.tenon.mixer.dispatch.Handler;
import dev.tenon.mixer.share.Journal;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.Charge;
import dev.tenon.spi.policy.Grant;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.wire.policy.v1.Answer;
import dev.tenon.wire.policy.v1.Answers;
import dev.tenon.wire.policy.v1.Failed;
import dev.tenon.wire.policy.v1.Granted;
import dev.tenon.wire.policy.v1.Judgement;
import dev.tenon.wire.policy.v1.Question;
import dev.tenon.wire.policy.v1.Questions;
import dev.tenon.wire.policy.v1.Settled;
import dev.tenon.wire.value.Words;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One proxy's stream. Answers that are there at once go out with those of their batch. */
final class Conversation implements StreamObserver<Questions> {
  /** A proxy that is granted ahead gets a part of what is left as small as if there were four times as many. */
  private static final int SPARING = 4;

  private static final int MOST_AT_ONCE = 1024;
  private static final Duration LONGEST_HOLD = Duration.ofSeconds(1);

  private final ServerCallStreamObserver<Answers> answers;
  private final Known known;
  private final Function<String, Active> active;
  private final Consumer<Conversation> ended;
  private final @Nullable Journal journal;
  private Answers.@Nullable Builder batch;
  private boolean over;

  Conversation(
      ServerCallStreamObserver<Answers> answers,
      Known known,
      Function<String, Active> active,
      Consumer<Conversation> ended,
      @Nullable Journal journal) {
    this.journal = journal;
    this.answers = answers;
    this.known = known;
    this.active = active;
    this.ended = ended;
    answers.setOnCancelHandler(this::leave);
  }

  /** Says that somebody is here. */
  synchronized void begin() {
    answers.onNext(Answers.getDefaultInstance());
  }

  @Override
  public void onNext(Questions questions) {
    if (questions.getQuestionsCount() > MOST_AT_ONCE) {
      fail(Status.INVALID_ARGUMENT.withDescription("more than " + MOST_AT_ONCE + " questions at once"));
      return;
    }
    synchronized (this) {
      batch = Answers.newBuilder();
    }
    for (Question each : questions.getQuestionsList()) {
      answer(each);
    }
    synchronized (this) {
      Answers.Builder said = batch;
      batch = null;
      if (said != null && said.getAnswersCount() > 0 && !over) {
        answers.onNext(said.build());
      }
    }
  }

  private void answer(Question question) {
    Handler handler = known.find(question.getHandler());
    if (handler == null) {
      say(failed(question, Verdict.Code.UNAVAILABLE, "the policy service has no handler " + question.getHandler()));
      return;
    }
    Granting asked;
    try {
      asked = asked(question);
    } catch (IllegalArgumentException e) {
      say(failed(question, Verdict.Code.INVALID_ARGUMENT, String.valueOf(e.getMessage())));
      return;
    }
    long from = journal == null ? 0 : System.nanoTime();
    handler.grant(asked, answer -> {
      note(question, answer, from);
      say(words(question, answer));
    });
  }

  private void note(Question question, dev.tenon.mixer.dispatch.Answer answer, long from) {
    if (journal != null && answer instanceof dev.tenon.mixer.dispatch.Answer.Granted(Grant grant)) {
      journal.granted(from, grant.granted(), nanos(grant.validity()), question.getHandler(), question.getInstance());
    }
  }

  private Granting asked(Question question) {
    Optional<Template> template =
        Arrays.stream(Template.values()).filter(each -> each.wireName().equals(question.getTemplate())).findFirst();
    if (template.isEmpty()) {
      throw new IllegalArgumentException("there is no template " + question.getTemplate());
    }
    Instance instance = new Instance(question.getInstance(), template.get(), Words.values(question.getValuesMap()), NoAttributes.HERE);
    return new Granting(instance, template.get() == Template.QUOTA ? charge(question) : Charge.ONE);
  }

  private Charge charge(Question question) {
    if (question.getAmount() < 1 || question.getAhead() < 0 || question.getHoldNanos() < 0) {
      throw new IllegalArgumentException("an amount of less than 1, or less than nothing ahead");
    }
    int share = SPARING * active.apply(question.getHandler()).count(this);
    Duration hold = Duration.ofNanos(Math.min(LONGEST_HOLD.toNanos(), question.getHoldNanos()));
    return new Charge(
        question.getAmount(), question.getBestEffort(), question.getDeduplicationId(), new Charge.Ahead(question.getAhead(), share, hold), settled(question));
  }

  private static List<Charge.Settled> settled(Question question) {
    if (question.getSettledCount() > MOST_AT_ONCE) {
      throw new IllegalArgumentException("more than " + MOST_AT_ONCE + " grants settled at once");
    }
    List<Charge.Settled> all = new ArrayList<>(question.getSettledCount());
    for (Settled each : question.getSettledList()) {
      Duration before = Duration.ofNanos(Math.max(0, each.getBeforeNanos()));
      all.add(new Charge.Settled(each.getMark(), each.getAmount(), before.compareTo(Charge.Settled.NEVER) > 0 ? Charge.Settled.NEVER : before));
    }
    return all;
  }

  private static Answer words(Question question, dev.tenon.mixer.dispatch.Answer answer) {
    return switch (answer) {
      case dev.tenon.mixer.dispatch.Answer.Granted(Grant grant) ->
          Answer.newBuilder()
              .setId(question.getId())
              .setGranted(
                  Granted.newBuilder()
                      .setAmount(grant.granted())
                      .setValidityNanos(nanos(grant.validity()))
                      .setMark(grant.mark())
                      .setLimit(grant.standing().limit())
                      .setRemaining(grant.standing().remaining())
                      .setResetNanos(nanos(grant.standing().reset())))
              .build();
      case dev.tenon.mixer.dispatch.Answer.Said(Verdict verdict, Grant.Standing ignored) ->
          Answer.newBuilder().setId(question.getId()).setJudgement(judgement(verdict)).build();
      case dev.tenon.mixer.dispatch.Answer.Failed(Verdict.Code code, String reason) -> failed(question, code, reason);
    };
  }

  private static Judgement judgement(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Allow(Verdict.Validity validity) -> valid(validity).build();
      case Verdict.Deny(Verdict.Code code, String message, Verdict.Validity validity) ->
          valid(validity).setCode(code.number()).setMessage(message).build();
    };
  }

  private static Judgement.Builder valid(Verdict.@Nullable Validity validity) {
    Verdict.Validity known = validity == null ? Verdict.Validity.ONCE : validity;
    return Judgement.newBuilder().setValidNanos(nanos(known.time())).setUses(known.uses());
  }

  /** A duration that is longer than numbers reach is as good as that. */
  private static long nanos(Duration duration) {
    return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE / 4)) > 0 ? Long.MAX_VALUE / 4 : duration.toNanos();
  }

  private static Answer failed(Question question, Verdict.Code code, String reason) {
    return Answer.newBuilder().setId(question.getId()).setFailed(Failed.newBuilder().setCode(code.number()).setReason(reason)).build();
  }

  private synchronized void say(Answer answer) {
    if (batch != null) {
      batch.addAnswers(answer);
    } else if (!over) {
      answers.onNext(Answers.newBuilder().addAnswers(answer).build());
    }
  }

  @Override
  public void onError(Throwable cause) {
    leave();
  }

  @Override
  public void onCompleted() {
    end();
  }

  private void leave() {
    synchronized (this) {
      over = true;
    }
    ended.accept(this);
  }

  private void fail(Status status) {
    synchronized (this) {
      if (!over) {
        over = true;
        answers.onError(status.asRuntimeException());
      }
    }
    ended.accept(this);
  }

  /** Nothing more is said. */
  void end() {
    fail(Status.UNAVAILABLE.withDescription("this generation of the policy service has ended; ask again"));
  }

  /** What is asked far away is judged by its values alone. */
  private enum NoAttributes implements Attributes {
    HERE;

    @Override
    public @Nullable Object get(String attribute) {
      return null;
    }

    @Override
    public @Nullable String entry(String attribute, String key) {
      return null;
    }

    @Override
    public Attributes snapshot() {
      return this;
    }
  }
}
