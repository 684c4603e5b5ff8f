package dev.tenon.proxy.warm;

import dev.tenon.proxy.live.Live;
import dev.tenon.proxy.report.AccessLog;
import dev.tenon.proxy.serve.Connection;
import dev.tenon.proxy.serve.Lane;
import dev.tenon.proxy.serve.Outfit;
import dev.tenon.proxy.serve.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A lane of its own, with callers and upstreams in memory, on the thread that uses it: the real handlers,
 * head codec, route match, policy step, balancers, pools and writers of this generation. Its counters are
 * in no sum, its log lines go to {@code /dev/null}.
 */
final class Rehearsal implements AutoCloseable {
  private static final int CALLERS = 3;

  private final AccessLog log = openLog();
  private final List<Pipe> callers = new ArrayList<>();
  private final Loopback ports;
  private final Lane lane;
  private int turn;

  Rehearsal() {
    for (int i = 0; i < CALLERS; i++) {
      callers.add(Pipe.of(i));
    }
    Live live = new Live();
    live.publish(Scene.table());
    live.policies(Map.of(Scene.NAME, new Scene.Lenient()));
    ports = new Loopback(callers.getFirst().eventLoop());
    lane =
        new Lane(
            ports.eachLoop().getFirst(), 0, ports, live, new ConcurrentHashMap<>(), (path, loop) -> Optional.of(log.lane(loop)), "",
            Outfit.none());
    callers.forEach(caller -> Connection.take(lane, new Site.OfTable(Scene.NAME), caller, null));
  }

  private static AccessLog openLog() {
    try {
      return AccessLog.open("/dev/null");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /**
   * Serves so many requests.
   *
   * @throws IllegalStateException when one is not answered with 200
   */
  void run(int requests) {
    for (int i = 0; i < requests; i++) {
      Scene.Turn next = Scene.TURNS.get(turn % Scene.TURNS.size());
      Pipe caller = callers.get(turn % CALLERS);
      turn++;
      caller.receive(next.request(), 0, next.requestSplit());
      if (next.requestSplit() < next.request().length) {
        caller.receive(next.request(), next.requestSplit(), next.request().length);
      }
      if (next.answer().length > 0) {
        ports.answer(next.answer(), next.answerSplit());
      }
      int status = caller.sent();
      if (status != 200) {
        throw new IllegalStateException(
            "a rehearsed request was answered " + (status == 0 ? "not at all" : status) + ", not 200: "
                + new String(next.request(), 0, 40, java.nio.charset.StandardCharsets.US_ASCII).lines().findFirst().orElse(""));
      }
    }
  }

  /** Connections to upstreams that were opened for it, in memory. */
  int upstreams() {
    return ports.upstreams();
  }

  @Override
  public void close() {
    lane.close();
    callers.forEach(Pipe::finishAndReleaseAll);
    ports.close();
    log.close();
  }
}
