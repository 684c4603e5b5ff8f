package dev.tenon.adapter.remote;

import dev.tenon.wire.adapter.v1.CloseRequest;
import dev.tenon.wire.adapter.v1.OpenRequest;
import dev.tenon.wire.adapter.v1.OpenResponse;
import dev.tenon.wire.adapter.v1.PolicyAdapterGrpc;
import dev.tenon.wire.adapter.v1.PolicyAdapterGrpc.PolicyAdapterBlockingStub;
import dev.tenon.wire.adapter.v1.PolicyAdapterGrpc.PolicyAdapterStub;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One handler's conversation with its adapter: a connection, and the session that the adapter gave for the handler's
 * configuration. A connection that is lost is made anew, a session that is forgotten opened anew.
 */
final class Session implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);
  private static final long BETWEEN_ATTEMPTS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long BETWEEN_BEGINNINGS = TimeUnit.SECONDS.toNanos(1);
  private static final long FAREWELL_MILLIS = 200;
  private static final int LONGEST_REASON = 300;

  private final String handler;
  private final Place place;
  private final Dial dial;
  private final ManagedChannel channel;
  private final ReentrantLock opening = new ReentrantLock();
  private final AtomicLong attempted = new AtomicLong(System.nanoTime());
  private final AtomicLong begun = new AtomicLong(System.nanoTime() - BETWEEN_BEGINNINGS);
  private final AtomicLong opened = new AtomicLong();
  private volatile @Nullable String id;

  Session(String handler, Place place) {
    this.handler = handler;
    this.place = place;
    this.dial = new Dial(place);
    this.channel = dial.channel();
  }

  /**
   * Opens it ahead of the first request, and says in the log when that does not work. Never waits; asked often, it tries once a
   * second.
   */
  void begin() {
    long now = System.nanoTime();
    long last = begun.get();
    if (now - last < BETWEEN_BEGINNINGS || !begun.compareAndSet(last, now)) {
      return;
    }
    Thread.ofVirtual()
        .name("tenon-adapter-open")
        .start(
            () -> {
              try {
                id(end());
              } catch (RuntimeException e) {
                if (!channel.isShutdown()) {
                  LOG.warn("handler {}: {}", handler, e.getMessage());
                }
              }
            });
  }

  /** How often it was opened. */
  long opened() {
    return opened.get();
  }

  /**
   * Asks, and waits for the answer until the deadline.
   *
   * @throws IllegalStateException when there is none
   */
  <A> A ask(BiFunction<PolicyAdapterBlockingStub, String, A> call) {
    long end = end();
    String session = id(end);
    try {
      try {
        return call.apply(stub(end), session);
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() != Status.Code.FAILED_PRECONDITION) {
          throw e;
        }
        forget(session);
        return call.apply(stub(end), id(end));
      }
    } catch (StatusRuntimeException e) {
      throw failed(e);
    }
  }

  /** The session that there is; null when there is none yet. */
  @Nullable String now() {
    return id;
  }

  /** For calls whose answer is not waited for. */
  PolicyAdapterStub later() {
    return PolicyAdapterGrpc.newStub(channel).withDeadlineAfter(place.deadline().toNanos(), TimeUnit.NANOSECONDS);
  }

  /** What a failed call means: a session that is not known is opened anew, a connection that was lost is tried soon. */
  void failedLater(String session, Status status) {
    if (status.getCode() == Status.Code.FAILED_PRECONDITION) {
      forget(session);
    }
    hasten(status);
  }

  private long end() {
    return System.nanoTime() + place.deadline().toNanos();
  }

  private PolicyAdapterBlockingStub stub(long end) {
    return PolicyAdapterGrpc.newBlockingStub(channel).withDeadlineAfter(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
  }

  private String id(long end) {
    String present = id;
    return present == null ? open(end) : present;
  }

  private String open(long end) {
    try {
      if (!opening.tryLock(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
        throw new IllegalStateException("the adapter at " + place.address() + " has not opened a session in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the session was not waited for", e);
    }
    try {
      String present = id;
      if (present != null) {
        return present;
      }
      OpenResponse response =
          stub(end).open(OpenRequest.newBuilder().setHandler(handler).setConfig(place.config()).build());
      if (response.getProblemsCount() > 0) {
        throw new IllegalStateException(
            "the adapter at " + place.address() + " refuses its configuration: "
                + oneLine(response.getProblemsList().stream()
                    .map(each -> "config." + each.getField() + ": " + each.getMessage())
                    .collect(Collectors.joining("; "))));
      }
      opened.incrementAndGet();
      id = response.getSession();
      return response.getSession();
    } catch (StatusRuntimeException e) {
      throw failed(e);
    } finally {
      opening.unlock();
    }
  }

  private void forget(String session) {
    opening.lock();
    try {
      if (session.equals(id)) {
        id = null;
      }
    } finally {
      opening.unlock();
    }
  }

  private IllegalStateException failed(StatusRuntimeException e) {
    hasten(e.getStatus());
    Status status = e.getStatus();
    return new IllegalStateException(
        "the adapter at " + place.address() + " answers " + status.getCode()
            + (status.getDescription() == null ? "" : ": " + oneLine(status.getDescription())), e);
  }

  /** gRPC waits up to minutes before it connects again; an adapter that was restarted is wanted sooner. */
  private void hasten(Status status) {
    long now = System.nanoTime();
    long last = attempted.get();
    if (status.getCode() == Status.Code.UNAVAILABLE && now - last > BETWEEN_ATTEMPTS && attempted.compareAndSet(last, now)) {
      channel.resetConnectBackoff();
    }
  }

  /** Text of the adapter that cannot end a line of the log or fill it. */
  static String oneLine(String text) {
    String cut = text.length() > LONGEST_REASON ? text.substring(0, LONGEST_REASON) + "…" : text;
    return cut.replaceAll("\\p{Cntrl}", " ");
  }

  @Override
  public void close() {
    String session = id;
    if (session != null) {
      try {
        PolicyAdapterGrpc.newBlockingStub(channel)
            .withDeadlineAfter(FAREWELL_MILLIS, TimeUnit.MILLISECONDS)
            .close(CloseRequest.newBuilder().setSession(session).build());
      } catch (StatusRuntimeException e) {
        LOG.debug("handler {}: the adapter was not told of its end: {}", handler, e.getStatus().getCode());
      }
    }
    dial.close();
  }
}
