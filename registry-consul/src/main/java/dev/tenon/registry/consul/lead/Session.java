package dev.tenon.registry.consul.lead;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.tenon.registry.consul.ask.Consul;
import dev.tenon.registry.consul.ask.Unanswered;
import java.time.Duration;
import java.util.List;

/**
 * A session with Consul. Keys that it held are held by nobody when it has ended. Thread-safe; {@link
 * #renew} and {@link #make} are for one thread at a time.
 */
public final class Session {
  private final Consul consul;
  private final String name;
  private final Duration life;
  private final Duration lockDelay;
  private String id = "";
  private long renewed;

  /**
   * Makes none yet.
   *
   * @param name what operators of Consul see
   * @param life how long it lives at least without being renewed; Consul ends it after at most twice that
   * @param lockDelay for how long Consul lets nobody have what it held when it ended
   */
  public Session(Consul consul, String name, Duration life, Duration lockDelay) {
    this.consul = consul;
    this.name = name;
    this.life = life;
    this.lockDelay = lockDelay;
  }

  /** What Consul calls it; empty before the first was made. */
  public synchronized String id() {
    return id;
  }

  /** Goes on with one that was made before, if Consul still knows it. */
  public synchronized void resume(String made) {
    id = made;
  }

  /** How long ago the last renewal was sent that Consul has answered. */
  synchronized Duration age() {
    return Duration.ofNanos(System.nanoTime() - renewed);
  }

  /**
   * Renews it.
   *
   * @return false when there is none, or none any more
   */
  public boolean renew() throws Unanswered {
    long now = System.nanoTime();
    String present = id();
    if (present.isEmpty() || consul.put("/v1/session/renew/" + present, List.of(), "").status() != 200) {
      return false;
    }
    renewed(present, now);
    return true;
  }

  /** Makes a new one. The time counts from before the question. */
  public void make() throws Unanswered {
    long now = System.nanoTime();
    JsonObject wish = new JsonObject();
    wish.addProperty("Name", name);
    wish.addProperty("TTL", life.toSeconds() + "s");
    wish.addProperty("Behavior", "release");
    wish.addProperty("LockDelay", lockDelay.toSeconds() + "s");
    Consul.Reply reply = consul.put("/v1/session/create", List.of(), wish.toString());
    try {
      renewed(JsonParser.parseString(reply.body()).getAsJsonObject().get("ID").getAsString(), now);
    } catch (JsonParseException | IllegalStateException | NullPointerException e) {
      throw new Unanswered("no session can be made: " + reply.status() + " " + Consul.firstLine(reply.body()));
    }
  }

  private synchronized void renewed(String made, long at) {
    id = made;
    renewed = at;
  }

  /** Ends it, so that nobody has to wait for what it holds. */
  public void end() throws Unanswered {
    String last = id();
    if (!last.isEmpty()) {
      consul.put("/v1/session/destroy/" + last, List.of(), "");
    }
  }
}
