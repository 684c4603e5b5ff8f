package dev.tenon.kernel.guard;

import dev.tenon.kernel.checkpoint.Checkpoint;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One event loop as the watchdog sees it. Used by the watchdog's thread alone. */
final class LoopWatch {
  private static final Logger log = LoggerFactory.getLogger(LoopWatch.class);

  /** A call seen in so many looks in a row has been going on for some 200 ms. */
  private static final int LONG = 10;

  /** As long again, and the thread neither computes nor waits: it is in a system call, or gets no core. */
  private static final int VERY_LONG = 50;

  /** After so many more looks no checkpoint was reached. */
  private static final int DEAF = 25;

  private static final long COMPUTED = 100_000_000;

  private final MarkedThread loop;
  private final Guarding.Listener listener;
  private long cpu;
  private long allocated;
  private @Nullable Account account;
  private long call;
  private int looks;
  private long cpuAtFirst;
  private int condemned = -1;
  private int sinceCondemned;
  private @Nullable String deaf;
  private long longCpu;
  private long longAllocated;
  private long settledCpu;
  private long settledAllocated;
  private long settledPlugsCpu;
  private long settledPlugsAllocated;

  LoopWatch(MarkedThread loop, Guarding.Listener listener) {
    this.loop = loop;
    this.listener = listener;
    this.cpu = Meter.cpu(loop);
    this.allocated = Meter.allocated(loop);
    this.settledCpu = cpu;
    this.settledAllocated = allocated;
    this.settledPlugsCpu = loop.sampledCpu();
    this.settledPlugsAllocated = loop.sampledAllocated();
  }

  /** Looks once; gives what is wrong as long as a plug holds the loop and does not let go. */
  Optional<String> look() {
    long number = loop.calls();
    Account now = loop.current();
    boolean same = now != null && now.equals(account) && number == call;
    sample(same ? now : null);
    if (now == null || !same) {
      free();
      account = now;
      call = number;
      looks = 0;
      cpuAtFirst = cpu;
      return Optional.empty();
    }
    looks++;
    if (condemned < 0) {
      if (holds()) {
        end(now);
      }
    } else if (++sinceCondemned == DEAF) {
      deaf = loop.getName() + " is held by " + now.module() + ", which reaches no checkpoint: " + where();
      log.error("{}; the process is unready until it lets go:{}", deaf, Watchdog.stack(loop));
    }
    return Optional.ofNullable(deaf);
  }

  /** Puts what a call has used since the last look to its account, when it was there at that look already. */
  private void sample(@Nullable Account going) {
    long nowCpu = Meter.cpu(loop);
    long nowAllocated = Meter.allocated(loop);
    if (going != null) {
      going.spent().add(nowCpu - cpu, nowAllocated - allocated);
      longCpu += nowCpu - cpu;
      longAllocated += nowAllocated - allocated;
    }
    cpu = nowCpu;
    allocated = nowAllocated;
  }

  /** What the loop used since this was last asked, and no plug did, is its listener's. */
  void settle() {
    Account host = loop.host();
    long plugsCpu = loop.sampledCpu() + longCpu;
    long plugsAllocated = loop.sampledAllocated() + longAllocated;
    if (host != null) {
      host.spent().add(
          Math.max(0, cpu - settledCpu - (plugsCpu - settledPlugsCpu)),
          Math.max(0, allocated - settledAllocated - (plugsAllocated - settledPlugsAllocated)));
    }
    settledCpu = cpu;
    settledAllocated = allocated;
    settledPlugsCpu = plugsCpu;
    settledPlugsAllocated = plugsAllocated;
  }

  private boolean holds() {
    if (looks < LONG) {
      return false;
    }
    return loop.getState() != Thread.State.RUNNABLE || cpu - cpuAtFirst >= COMPUTED || looks >= VERY_LONG;
  }

  private void end(Account plug) {
    boolean waits = loop.getState() != Thread.State.RUNNABLE;
    String reason = (waits ? "blocked " : "spun on ") + loop.getName() + " in " + where() + "; it is not called again until its jar is replaced";
    log.error("{} {}:{}", plug.module(), reason, Watchdog.stack(loop));
    plug.stop(reason);
    loop.ending(true);
    condemned = plug.number();
    sinceCondemned = 0;
    Checkpoint.condemn(condemned, loop);
    if (waits) {
      loop.interrupt();
    }
    listener.stopped(plug.module(), reason);
  }

  /** The call that was ended has come back. */
  private void free() {
    if (deaf != null) {
      log.warn("{} is free again", loop.getName());
      deaf = null;
    }
    pardon();
  }

  void pardon() {
    if (condemned >= 0) {
      Checkpoint.pardon(condemned, loop);
      loop.ending(false);
      condemned = -1;
    }
  }

  private String where() {
    StackTraceElement[] frames = loop.getStackTrace();
    return frames.length == 0 ? "code that is over" : frames[0].getClassName() + "." + frames[0].getMethodName();
  }
}
