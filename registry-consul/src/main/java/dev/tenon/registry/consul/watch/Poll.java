package dev.tenon.registry.consul.watch;

import dev.tenon.registry.consul.ask.Answer;
import dev.tenon.registry.consul.ask.Consul;
import dev.tenon.registry.consul.ask.Query;
import java.io.IOException;
import java.time.Duration;

/**
 * Asks one question for ever, by Consul's rules for blocking queries: an index that goes backwards or
 * any failure begins anew; an index of zero counts as one, or the query would not block; the same index
 * means that nothing changed.
 */
public final class Poll {
  /** What happens to answers. */
  public interface Listener {
    /** There is something new, or may be. */
    void answered(Answer answer) throws IOException;

    /** The last question was answered. */
    void well(Answer answer);

    /** The last question was not answered, or its answer made no sense. */
    void trouble(String reason);
  }

  private final Consul consul;
  private final String path;
  private final String datacenter;
  private final boolean stale;
  private final Duration wait;
  private final boolean recurse;
  private final Listener listener;
  private final Pace pace = new Pace(10, 10);

  Poll(Consul consul, String path, String datacenter, boolean stale, Duration wait, Listener listener) {
    this(consul, path, datacenter, stale, wait, false, listener);
  }

  private Poll(Consul consul, String path, String datacenter, boolean stale, Duration wait, boolean recurse, Listener listener) {
    this.consul = consul;
    this.path = path;
    this.datacenter = datacenter;
    this.stale = stale;
    this.wait = wait;
    this.recurse = recurse;
    this.listener = listener;
  }

  /** Of all keys below a prefix, by what the leader says. */
  public static Poll keys(Consul consul, String path, Duration wait, Listener listener) {
    return new Poll(consul, path, "", false, wait, true, listener);
  }

  /** Until the thread is interrupted. */
  public void run() throws InterruptedException {
    from(0);
  }

  /** The same, where the answer of an index has been taken already. */
  void from(long known) throws InterruptedException {
    long index = known;
    int failures = 0;
    while (true) {
      pace.await();
      try {
        Answer answer = consul.get(path, new Query(datacenter, stale, index, Pace.jittered(wait), recurse));
        if (answer.index() != index || index == 0) {
          listener.answered(answer);
        }
        index = next(index, answer.index());
        failures = 0;
        listener.well(answer);
      } catch (IOException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedException();
        }
        listener.trouble(String.valueOf(e.getMessage()));
        index = 0;
        Thread.sleep(Pace.afterFailures(++failures));
      }
    }
  }

  /** The index to wait on, after one was told. */
  static long next(long before, long told) {
    return told < before ? 0 : Math.max(1, told);
  }
}
