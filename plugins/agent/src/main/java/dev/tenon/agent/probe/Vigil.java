package dev.tenon.agent.probe;

import dev.tenon.spi.model.Condition;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.workload.Entrant;
import dev.tenon.spi.workload.ReadinessProbe;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
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
  private final Function<ReadinessProbe, Checker> means;
  private final Timers timers;

  /** Whether the workload says itself how it is to be asked. */
  private final boolean knowsItself;

  /** Whether its group may say how, and has not been heard yet. */
  private boolean awaits;

  private Optional<ReadinessProbe> advice = Optional.empty();
  private @Nullable ReadinessProbe probe;
  private @Nullable Checker checker;
  private @Nullable Thresholds thresholds;

  /** Tells the answer to a check of this probe from one of the probe before. */
  private int round;

  private boolean opened;
  private @Nullable Consumer<Condition> listener;
  private Condition found = new Condition(Health.STARTING, "it was not looked at yet");
  private boolean guessing;
  private int looks;
  private Timers.@Nullable Alarm alarm;
  private @Nullable Runnable breakOff;
  private boolean over;

  /**
   * A vigil on loops that are lent. It has not begun.
   *
   * @param grouped whether the workload may be of a group, which says how it is to be asked where it does not itself
   */
  public static Vigil of(
      Entrant entrant, boolean grouped, EventLoopGroup loops, Class<? extends Channel> channelType, Timers timers) {
    return new Vigil(entrant, grouped, new ConnectPorts(loops, channelType), probe -> checker(probe, loops, channelType), timers);
  }

  /**
   * A vigil with means of its own.
   *
   * @param means makes what carries a probe out; not asked where there is none
   */
  Vigil(Entrant entrant, boolean grouped, Ports ports, Function<ReadinessProbe, Checker> means, Timers timers) {
    this.workload = entrant.workload();
    this.ports = ports;
    this.means = means;
    this.timers = timers;
    this.knowsItself = entrant.probe().isPresent();
    this.awaits = grouped && !knowsItself;
    entrant.probe().ifPresent(this::take);
  }

  private void take(ReadinessProbe next) {
    probe = next;
    checker = means.apply(next);
    thresholds = new Thresholds(next);
  }

  /**
   * What the registry says of how the workload's group is to be asked; counts where the workload does not say itself. May be said again and again.
   */
  public void advised(Optional<ReadinessProbe> group) {
    ReadinessProbe next = group.map(each -> each.asking(workload)).orElse(null);
    Runnable running;
    boolean open;
    synchronized (this) {
      open = opened;
      if (over || knowsItself || (!awaits && group.equals(advice))) {
        return;
      }
      awaits = false;
      advice = group;
      round++;
      running = breakOff;
      breakOff = null;
      probe = null;
      checker = null;
      thresholds = null;
      if (next != null) {
        take(next);
        if (found.health() != Health.STARTING) {
          Objects.requireNonNull(thresholds).begin(found);
        }
      }
      if (opened && alarm != null) {
        alarm.cancel();
      }
    }
    if (running != null) {
      running.run();
    }
    if (open) {
      ask();
    }
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
    boolean asks;
    boolean waits;
    synchronized (this) {
      opened = true;
      waits = awaits;
      asks = thresholds != null;
      guessing = asks || waits;
      if (thresholds != null) {
        thresholds.begin(Condition.WELL);
      }
    }
    if (asks) {
      check();
    } else if (waits) {
      later(WARM_UP, () -> know(Condition.WELL));
    } else {
      tell(Condition.WELL);
    }
  }

  private synchronized void listen(Consumer<Condition> told) {
    listener = told;
  }

  /** What the generation before knew; it counts unless something was found out since. */
  public void know(Condition before) {
    synchronized (this) {
      if (over || !guessing) {
        return;
      }
      guessing = false;
      if (thresholds != null) {
        thresholds.begin(before);
      }
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
    } else {
      synchronized (this) {
        opened = true;
      }
      ask();
    }
  }

  /** The ports are open: on to what the probe finds, if there is one. */
  private void ask() {
    ReadinessProbe how;
    boolean waits;
    boolean known;
    synchronized (this) {
      how = probe;
      waits = awaits;
      known = found.health() == Health.HEALTHY || found.health() == Health.UNHEALTHY;
    }
    if (waits) {
      tell(new Condition(Health.STARTING, "the registry has not said yet what its group asks of it"));
    } else if (how == null) {
      tell(Condition.WELL);
    } else {
      if (!known) {
        tell(new Condition(Health.STARTING, "its probe has not passed yet"));
      }
      later(known ? how.period() : how.initialDelay(), this::check);
    }
  }

  private void check() {
    Checker asked;
    int mine;
    synchronized (this) {
      asked = checker;
      mine = round;
      if (over || asked == null) {
        return;
      }
    }
    Runnable running = asked.check(verdict -> judged(verdict, mine));
    boolean late;
    synchronized (this) {
      late = over || mine != round;
      if (!late) {
        breakOff = running;
      }
    }
    if (late) {
      running.run();
    }
  }

  private void judged(Verdict verdict, int mine) {
    ReadinessProbe how;
    boolean known;
    Condition condition;
    synchronized (this) {
      how = probe;
      if (mine != round || how == null || thresholds == null) {
        return;
      }
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
