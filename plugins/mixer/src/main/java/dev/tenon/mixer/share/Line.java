package dev.tenon.mixer.share;

import dev.tenon.wire.policy.v1.Answer;
import dev.tenon.wire.policy.v1.Answers;
import dev.tenon.wire.policy.v1.Question;
import dev.tenon.wire.policy.v1.Questions;
import dev.tenon.wire.policy.v1.SharedPolicyGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream to the policy service, and the questions that are under way on it. While nobody is there, questions
 * fail at once; what is under way when a stream ends is asked again on the next one if the budget of retries and the
 * deadline allow it. Everything happens on one thread, {@code loop}.
 */
final class Line {
  private static final Logger LOG = LoggerFactory.getLogger(Line.class);
  private static final int MOST_UNDER_WAY = 10_000;
  private static final int BATCH = 1024;
  private static final long SWEEP_MILLIS = 10;
  private static final long LONGEST_WAIT_MILLIS = 1_000;
  private static final int SILENT = 8;

  /** A retry takes one, a question gives a tenth, and there are never more than this. */
  private static final double MOST_RETRIES = 20;

  private final Supplier<ManagedChannel> dial;
  private final ScheduledExecutorService loop;
  private final long deadline;
  private final LongSupplier clock;
  private final Map<Long, Asking> underWay = new LinkedHashMap<>();
  private final List<Asking> toSend = new ArrayList<>();
  private @Nullable ManagedChannel channel;
  private @Nullable StreamObserver<Questions> stream;
  private State state = State.DOWN;
  private long nextId = 1;
  private long streams;
  private long waitMillis = 20;
  private double retries = MOST_RETRIES;
  private int unanswered;
  private double trip = 1_000_000;
  private double spread = 1_000_000;
  private int late;
  private long latest;
  private boolean flushing;
  private boolean closed;
  private @Nullable Future<?> sweeping;
  private @Nullable Future<?> redial;
  private String reason = "not asked yet";

  /** Whether anybody is there: {@code CONNECTING} only before anything is known of that. */
  enum State { CONNECTING, UP, DOWN }

  /** Takes an answer, on the loop. */
  interface Reply {
    /** @param sent when the question was sent */
    void said(Answer answer, long sent);

    void failed(String reason);
  }

  private static final class Asking {
    Question question;
    final long asked;
    final Reply reply;
    long sent;

    Asking(Question question, long asked, Reply reply) {
      this.question = question;
      this.asked = asked;
      this.reply = reply;
    }
  }

  /** @param deadline in nanoseconds, for each question */
  Line(Supplier<ManagedChannel> dial, ScheduledExecutorService loop, Duration deadline, LongSupplier clock) {
    this.dial = dial;
    this.loop = loop;
    this.deadline = Math.max(1, deadline.toNanos() - TimeUnit.MILLISECONDS.toNanos(SWEEP_MILLIS));
    this.clock = clock;
  }

  /**
   * How long a grant has to be held so that it can be spent when it has come: by how long answers took, and at once for twice as long as the last
   * one if that came too late.
   */
  long hold() {
    return (long) Math.min(500_000_000.0, Math.max(2.0 * latest, usual()));
  }

  private double usual() {
    return 2 * (trip + 4 * spread) + 2_000_000;
  }

  /** An identity for a question. */
  long nextId() {
    return nextId++;
  }

  void ask(Question question, Reply reply) {
    if (state == State.DOWN && streams == 0) {
      connect();
    }
    if (closed || state == State.DOWN) {
      reply.failed("the policy service cannot be reached: " + reason);
      return;
    }
    if (underWay.size() >= MOST_UNDER_WAY) {
      reply.failed("too many questions are under way to the policy service");
      return;
    }
    retries = Math.min(MOST_RETRIES, retries + 0.1);
    Asking asking = new Asking(question, clock.getAsLong(), reply);
    underWay.put(question.getId(), asking);
    send(asking);
    if (sweeping == null) {
      sweeping = loop.schedule(this::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void send(Asking asking) {
    toSend.add(asking);
    if (!flushing && state == State.UP) {
      flushing = true;
      loop.execute(this::flush);
    }
  }

  /** All that was asked since the loop came round, in one message. */
  private void flush() {
    flushing = false;
    if (state != State.UP || stream == null) {
      return;
    }
    long now = clock.getAsLong();
    for (int from = 0; from < toSend.size(); from += BATCH) {
      Questions.Builder questions = Questions.newBuilder();
      for (Asking each : toSend.subList(from, Math.min(toSend.size(), from + BATCH))) {
        each.sent = now;
        questions.addQuestions(each.question);
      }
      stream.onNext(questions.build());
    }
    toSend.clear();
  }

  private void connect() {
    if (closed) {
      return;
    }
    state = streams == 0 || state == State.UP ? State.CONNECTING : state;
    streams++;
    long number = streams;
    ManagedChannel fresh;
    try {
      fresh = dial.get();
    } catch (IllegalArgumentException e) {
      lost(number, String.valueOf(e.getMessage()));
      return;
    }
    channel = fresh;
    stream = SharedPolicyGrpc.newStub(fresh).ask(new StreamObserver<>() {
      @Override
      public void onNext(Answers answers) {
        loop.execute(() -> take(number, answers));
      }

      @Override
      public void onError(Throwable cause) {
        loop.execute(() -> lost(number, Status.fromThrowable(cause).getDescription() + " (" + Status.fromThrowable(cause).getCode() + ")"));
      }

      @Override
      public void onCompleted() {
        loop.execute(() -> lost(number, "it closed the stream"));
      }
    });
    loop.schedule(() -> {
      if (number == streams && state != State.UP) {
        lost(number, "no answer to the connection");
      }
    }, Math.max(50, 2 * deadline / 1_000_000), TimeUnit.MILLISECONDS);
  }

  private void take(long number, Answers answers) {
    if (number != streams || closed) {
      return;
    }
    if (state != State.UP) {
      LOG.info("asking the policy service");
      state = State.UP;
      waitMillis = 20;
      flushing = true;
      loop.execute(this::flush);
    }
    unanswered = 0;
    long now = clock.getAsLong();
    for (Answer each : answers.getAnswersList()) {
      Asking asking = underWay.remove(each.getId());
      if (asking != null && asking.sent != 0) {
        took(now - asking.sent);
        asking.reply.said(each, asking.sent);
      }
    }
  }

  /** Notes how long an answer took. Two in a row that took unusually long make that the usual. */
  private void took(long nanos) {
    late = nanos > usual() ? late + 1 : 0;
    latest = late > 0 ? nanos : 0;
    if (late >= 2) {
      spread = Math.max(spread, (nanos - trip) / 4);
    }
    spread += (Math.abs(nanos - trip) - spread) / 16;
    trip += (nanos - trip) / 16;
  }

  private void lost(long number, String why) {
    if (number != streams || closed) {
      return;
    }
    boolean was = state == State.UP;
    if (was) {
      LOG.warn("the policy service is lost: {}", why);
    }
    reason = why;
    streams++;
    hangUp();
    toSend.clear();
    state = was ? State.CONNECTING : State.DOWN;
    List<Asking> left = new ArrayList<>(underWay.values());
    underWay.clear();
    for (Asking each : left) {
      if (was && retries >= 1) {
        retries -= 1;
        each.question = each.question.toBuilder().clearSettled().build(); // that may have been heard, and must not be heard twice
        underWay.put(each.question.getId(), each);
        toSend.add(each);
      } else {
        each.reply.failed("the policy service cannot be reached: " + why);
      }
    }
    if (was) {
      reconnect(1);
    } else {
      reconnect(waitMillis);
      waitMillis = Math.min(LONGEST_WAIT_MILLIS, waitMillis * 2);
    }
  }

  private void reconnect(long millis) {
    try {
      redial = loop.schedule(this::connect, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("the loop has ended", e);
    }
  }

  /** Gives up what is overdue; a stream on which nothing is answered any more is given up too. */
  private void sweep() {
    sweeping = null;
    long now = clock.getAsLong();
    Iterator<Asking> oldest = underWay.values().iterator();
    List<Asking> overdue = new ArrayList<>();
    while (oldest.hasNext()) {
      Asking each = oldest.next();
      if (now - each.asked < deadline) {
        break;
      }
      oldest.remove();
      overdue.add(each);
    }
    toSend.removeAll(overdue);
    for (Asking each : overdue) {
      unanswered++;
      each.reply.failed("the policy service gave no answer in time");
    }
    if (unanswered >= SILENT && state == State.UP) {
      unanswered = 0;
      state = State.DOWN;
      LOG.warn("the policy service does not answer; asking it anew");
      lost(streams, "it gives no answers");
    }
    if (!underWay.isEmpty() && !closed) {
      sweeping = loop.schedule(this::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void hangUp() {
    if (stream != null) {
      try {
        stream.onError(Status.CANCELLED.asRuntimeException());
      } catch (RuntimeException e) {
        LOG.debug("the stream was over", e);
      }
      stream = null;
    }
    if (channel != null) {
      channel.shutdownNow();
      channel = null;
    }
  }

  void close() {
    closed = true;
    hangUp();
    for (Future<?> each : new Future<?>[] {sweeping, redial}) {
      if (each != null) {
        each.cancel(false);
      }
    }
    List<Asking> left = new ArrayList<>(underWay.values());
    underWay.clear();
    left.forEach(each -> each.reply.failed("the policy engine is closed"));
  }
}
