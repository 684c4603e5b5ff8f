package dev.tenon.registry.consul.lead;

import dev.tenon.registry.consul.ask.Answer;
import dev.tenon.registry.consul.ask.Consul;
import dev.tenon.registry.consul.ask.Query;
import dev.tenon.registry.consul.ask.Unanswered;
import dev.tenon.registry.consul.read.Answers;
import dev.tenon.registry.consul.read.Entry;
import dev.tenon.registry.consul.watch.Pace;
import dev.tenon.spi.lifecycle.Leadership;
import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.stream.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads while a session of its own holds a key. Consul ends a session that is not renewed for {@link
 * #LIFE} at the earliest; this gives up leading when two thirds of that have passed since the last
 * renewal was sent, so that it has given up before anyone else can begin.
 */
public final class SessionLead implements Leadership, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SessionLead.class);

  static final Duration LIFE = Duration.ofSeconds(15);
  private static final Duration LOOK = Duration.ofSeconds(3);
  private static final long OURS_NANOS = LIFE.toNanos() * 2 / 3;

  private final Consul consul;
  private final String key;
  private final String who;
  private final Session session;
  private final Cell<Lead> lead = new Cell<>(new Lead(false, "", Instant.now()));
  private final Thread thread;
  private boolean closed;

  private SessionLead(Consul consul, String key, String who) {
    this.consul = consul;
    this.key = key;
    this.who = who;
    this.session = new Session(consul, "tenon control plane " + who, LIFE, Duration.ofSeconds(1));
    this.thread = Thread.ofVirtual().name("consul-lead").unstarted(this::run);
  }

  /**
   * Stands for election.
   *
   * @param key what the replicas contend for
   * @param who what this one calls itself
   */
  public static SessionLead stand(Consul consul, String key, String who, ScheduledExecutorService timers) {
    SessionLead lead = new SessionLead(consul, key, who);
    var _ = timers.scheduleWithFixedDelay(lead::giveUpInTime, 500, 500, TimeUnit.MILLISECONDS);
    lead.thread.start();
    return lead;
  }

  @Override
  public Source<Lead> lead() {
    return lead;
  }

  private void run() {
    int failures = 0;
    long index = 0;
    try {
      while (!Thread.interrupted()) {
        try {
          renew();
          Answer answer = consul.get(path(), new Query("", false, index, LOOK));
          index = answer.index();
          judge(Answers.entries(answer.body()).items().stream().findFirst());
          failures = 0;
        } catch (IOException e) {
          index = 0;
          log.warn("who leads cannot be told: {}", e.getMessage());
          Thread.sleep(Pace.afterFailures(++failures));
        }
      }
    } catch (InterruptedException _) {
      // the module ends
    }
  }

  private String path() {
    return "/v1/kv/" + key;
  }

  private void judge(Optional<Entry> held) throws Unanswered, InterruptedException {
    String holder = held.map(Entry::session).orElse("");
    if (holder.isEmpty()) {
      say(false, "");
      // Consul refuses for the lock delay after a session was lost; then the look is repeated.
      if (!consul.put(path(), List.of("acquire=" + session.id()), who).body().strip().equals("true")) {
        Thread.sleep(500);
      }
      return;
    }
    say(holder.equals(session.id()), held.map(each -> StandardCharsets.UTF_8.decode(each.value().duplicate()).toString()).orElse(""));
  }

  private void renew() throws Unanswered {
    if (!session.renew()) {
      if (!session.id().isEmpty()) {
        say(false, "");
        log.warn("the session with Consul has ended; this control plane stands again with a new one");
      }
      session.make();
    }
  }

  private synchronized void giveUpInTime() {
    if (session.age().toNanos() > OURS_NANOS) {
      say(false, "");
    }
  }

  private synchronized void say(boolean ours, String leader) {
    boolean sure = ours && !closed && session.age().toNanos() < OURS_NANOS;
    Lead before = lead.get().orElseThrow();
    if (before.ours() != sure || !before.leader().equals(leader)) {
      log.info(sure ? "this control plane leads" : leader.isEmpty() ? "no control plane leads" : "{} leads", leader);
      lead.set(new Lead(sure, leader, Instant.now()));
    }
  }

  /** Gives the lock back, so that another need not wait. */
  @Override
  public void close() {
    thread.interrupt();
    synchronized (this) {
      closed = true;
    }
    say(false, "");
    try {
      session.end();
    } catch (Unanswered e) {
      log.debug("the session ends by itself", e);
    }
  }
}
