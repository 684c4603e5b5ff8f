package dev.tenon.mixer.decide;

import dev.tenon.spi.model.Workload;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.PolicyEngine;
import dev.tenon.spi.policy.PolicyEngine.Later;
import dev.tenon.spi.policy.PolicyEngine.Moved;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import dev.tenon.spi.policy.Verdict;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection of TCP. What is told of it has the attributes of its beginning and those of the moment: {@code connection.event} (open,
 * continue, close), the octets since it was told of last and in all, when it is over how long it took, and that it was denied.
 */
final class Followed implements PolicyEngine.Connection {
  private final CompiledPolicy policy;
  private final Attributes connection;

  /** Kept where somebody wants to be told. */
  private final @Nullable Attributes kept;

  private State state = State.NEW;
  private Verdict.@Nullable Deny denial;
  private Moved told = Moved.NOTHING;

  private enum State {
    NEW,
    ASKED,
    OPEN,
    DENIED,
    CLOSED
  }

  Followed(CompiledPolicy policy, Attributes connection) {
    this.policy = policy;
    this.connection = connection;
    this.kept = policy.reported().isEmpty() ? null : connection.snapshot();
  }

  @Override
  public @Nullable Outcome open(Later later) {
    synchronized (this) {
      if (state != State.NEW) {
        throw new IllegalStateException("a connection opens once");
      }
      state = State.ASKED;
    }
    Outcome outcome = policy.check(connection, false, decided -> {
      judged(decided);
      later.decided(decided);
    });
    if (outcome != null) {
      judged(outcome);
    }
    return outcome;
  }

  /** On any thread; the connection may be over by now. */
  private synchronized void judged(Outcome outcome) {
    if (state != State.ASKED) {
      return;
    }
    if (outcome.verdict() instanceof Verdict.Deny deny) {
      state = State.DENIED;
      denial = deny;
    } else {
      state = State.OPEN;
      tell("open", Moved.NOTHING);
    }
  }

  @Override
  public synchronized void goesOn(Moved moved) {
    if (state == State.OPEN) {
      tell("continue", moved);
    }
  }

  @Override
  public synchronized void closed(Moved moved) {
    if (state != State.NEW && state != State.CLOSED) {
      tell("close", moved);
    }
    state = State.CLOSED;
  }

  private void tell(String event, Moved moved) {
    if (kept == null) {
      return;
    }
    Map<String, Object> values = new HashMap<>();
    values.put("connection.event", event);
    values.put("connection.received.bytes", moved.received() - told.received());
    values.put("connection.received.bytes_total", moved.received());
    values.put("connection.sent.bytes", moved.sent() - told.sent());
    values.put("connection.sent.bytes_total", moved.sent());
    if (event.equals("close")) {
      values.put("connection.duration", moved.age());
      Verdict.@Nullable Deny denied = denial;
      values.put("check.error_code", denied == null ? 0L : (long) denied.code().number());
      values.put("check.error_message", denied == null ? "" : denied.message());
    }
    told = moved;
    policy.report(new Moment(kept, Map.copyOf(values)));
  }

  /** The connection at one moment. */
  private record Moment(Attributes connection, Map<String, Object> values) implements Attributes {
    @Override
    public @Nullable Object get(String attribute) {
      Object value = values.get(attribute);
      return value == null ? connection.get(attribute) : value;
    }

    @Override
    public boolean has(String attribute) {
      return values.containsKey(attribute) || connection.has(attribute);
    }

    @Override
    public @Nullable String entry(String attribute, String key) {
      return connection.entry(attribute, key);
    }

    @Override
    public @Nullable Workload workload(InetAddress address) {
      return connection.workload(address);
    }

    @Override
    public Attributes snapshot() {
      return this;
    }
  }
}
