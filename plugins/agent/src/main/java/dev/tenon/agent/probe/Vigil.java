package dev.tenon.agent.probe;

import dev.tenon.agent.read.Entrant;
import dev.tenon.agent.read.ReadinessProbe;
import dev.tenon.spi.model.Condition;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Workload;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches over a workload: its ports until they are open, then its probe as long as it lives. Tells its
 * listener each condition that it finds, also one that was found before.
 *
 * <p>Thread-safe. The listener is called by one thread at a time, never under a lock.
 */
public final class Vigil implements AutoCloseable {
  /** How long between two looks at the ports: first, and when it takes long. */
  static final Duration LOOK_QUICKLY = Duration.ofMillis(100);

  static final Duration LOOK_SLOWLY = Duration.ofSeconds(1);
  static final int QUICK_LOOKS = 150;

  /** How long at most between two checks of what was not ready yet; the kubelet does not wait longer either. */
  static final Duration WARM_UP = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(Vigil.class);

  private final Workload workload;
  private final Ports ports;
  private final @Nullable ReadinessProbe probe;
  private final @Nullable Checker checker;
  private final @Nullable Thresholds thresholds;
  private final Timers timers;
  private @Nullable Consumer<Condition> listener;
  private Condition found = new Condition(Health.STARTING, "it was not looked at yet");
  private boolean guessing;
  private int looks;
  private Timers.@Nullable Alarm alarm;
  private @Nullable Runnable breakOff;
  private boolean over;

  /** A vigil on loops that are lent. It has not begun. */
  public static Vigil of(Entrant entrant, EventLoopGroup loops, Class<? extends Channel> channelType, Timers timers) {
    Optional<Checker> checker = entrant.probe().map(probe -> checker(probe, loops, channelType));
    return new Vigil(entrant, new ConnectPorts(loops, channelType), checker.orElse(null), timers);
  }

  /**
   * A vigil with means of its own.
   *
   * @param checker carries the entrant's probe out; not asked when it has none
   */
  Vigil(Entrant entrant, Ports ports, @Nullable Checker checker, Timers timers) {
    this.workload = entrant.workload();
    this.ports = ports;
    this.probe = entrant.probe().orElse(null);
    this.checker = checker;
    this.thresholds = entrant.probe().map(Thresholds::new).orElse(null);
    this.timers = timers;
  }

  private static Checker checker(ReadinessProbe probe, EventLoopGroup loops, Class<? extends Channel> channelType) {
    Duration timeout = probe.timeout();
    return switch (probe.check()) {
      case ReadinessProbe.HttpGet get -> {
        var tls = HttpConversation.tls(get);
        yield new SocketCheck(loops, channelType, get.host(), get.port(), timeout, answer -> new HttpConversation(get, tls, answer));
      }
      case ReadinessProbe.TcpSocket tcp ->
          new SocketCheck(loops, channelType, tcp.host(), tcp.port(), timeout, SocketCheck::content);
      case ReadinessProbe.Grpc grpc -> new GrpcCheck(loops, channelType, grpc, timeout);
      case ReadinessProbe.Exec exec -> new ExecCheck(exec, timeout);
    };
  }

  /** Begins with a workload of which nothing is known. */
  public void begin(Consumer<Condition> told) {
    listen(told);
    look();
  }

  /**
   * Goes on where another generation is. Without a probe what that one found is true still: its ports are open.
   * With one nothing is told before it passes, fails often enough, or {@link #know} says how it was.
   */
  public void resume(Consumer<Condition> told) {
    listen(told);
    if (thresholds == null) {
      tell(Condition.WELL);
    } else {
      synchronized (this) {
        guessing = true;
        thresholds.begin(Condition.WELL);
      }
      check();
    }
  }

  private synchronized void listen(Consumer<Condition> told) {
    listener = told;
  }

  /** What the generation before knew; it counts unless something was found out since. */
  public void know(Condition before) {
    synchronized (this) {
      if (over || !guessing || thresholds == null) {
        return;
      }
      guessing = false;
      thresholds.begin(before);
    }
    tell(before);
  }

  /** The last condition that was found. */
  public synchronized Condition found() {
    return found;
  }

  private void tell(Condition condition) {
    Consumer<Condition> told;
    synchronized (this) {
      told = listener;
      if (over || told == null) {
        return;
      }
      if (!condition.equals(found)) {
        LOG.info("{} is {}{}", workload.key(), condition.health(), condition.reason().isEmpty() ? "" : ": " + condition.reason());
      }
      found = condition;
    }
    told.accept(condition);
  }

  private synchronized void later(Duration wait, Runnable task) {
    if (!over) {
      alarm = timers.after(wait, task);
    }
  }

  private void look() {
    ports.look(workload, this::looked);
  }

  private void looked(boolean open) {
    if (!open) {
      tell(new Condition(Health.STARTING, "it does not accept connections on all its ports at " + workload.address()));
      looks++;
      if (looks == QUICK_LOOKS) {
        LOG.warn("{} does not accept connections on all its ports at {}; no caller is sent there until it does",
            workload.key(), workload.address());
      }
      later(looks < QUICK_LOOKS ? LOOK_QUICKLY : LOOK_SLOWLY, this::look);
    } else if (probe == null) {
      tell(Condition.WELL);
    } else {
      tell(new Condition(Health.STARTING, "its probe has not passed yet"));
      later(probe.initialDelay(), this::check);
    }
  }

  private void check() {
    synchronized (this) {
      if (over || checker == null) {
        return;
      }
    }
    Runnable running = checker.check(this::judged);
    boolean late;
    synchronized (this) {
      breakOff = running;
      late = over;
    }
    if (late) {
      running.run();
    }
  }

  private void judged(Verdict verdict) {
    ReadinessProbe how = probe;
    if (how == null || thresholds == null) {
      return;
    }
    boolean known;
    Condition condition;
    synchronized (this) {
      condition = thresholds.next(verdict);
      guessing &= !verdict.good() && condition.health() == Health.HEALTHY;
      known = !guessing;
    }
    if (known) {
      tell(condition);
    }
    boolean warm = known && condition.health() != Health.STARTING;
    later(warm || how.period().compareTo(WARM_UP) < 0 ? how.period() : WARM_UP, this::check);
  }

  @Override
  public void close() {
    Runnable running;
    synchronized (this) {
      over = true;
      running = breakOff;
      if (alarm != null) {
        alarm.cancel();
      }
    }
    if (running != null) {
      running.run();
    }
  }
}
