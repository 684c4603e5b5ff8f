package dev.tenon.cli.demo;

import dev.tenon.cli.demo.LimitedUser.Count;
import dev.tenon.cli.demo.LimitedUser.Door;
import dev.tenon.cli.process.Mesh;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The step with the rate limit: two users, two sidecars, one counter for each user, and what it stands at. */
final class RateLimiting {
  /** As {@code policy/rate-limit.yaml} has them. */
  private static final int LIMIT = 100;

  private static final int WINDOW_SECONDS = 5;

  private static final int SECONDS = 11;
  private static final int GREEDY = 50;
  private static final int MODEST = 4;

  /** What the way of an answer, and this process's own pauses, may move an admission by. */
  private static final long BLUR_NANOS = 500_000_000;

  private final Script script;
  private final Mesh mesh;
  private final Path limit;
  private final List<Door> doors;

  RateLimiting(Script script, Mesh mesh, Path limit, Ground ground) {
    this.script = script;
    this.mesh = mesh;
    this.limit = limit;
    this.doors =
        List.of(
            new Door(ground.address(Bookinfo.DETAILS.host()), "/details/0"), new Door(ground.address(Bookinfo.RATINGS.host()), "/ratings/0"));
  }

  /** Applies the limit, lets both users ask, takes it away. The load on the page goes on and is not limited. */
  void play(Load load) throws InterruptedException {
    script.title("A rate limit for each user, one counter for the sidecars of details and ratings");
    script.say("%d requests in any %d s; ann asks %d times a second, bob %d times", LIMIT, WINDOW_SECONDS, GREEDY, MODEST);
    Tally pages = load.begin();
    mesh.apply(limit);
    warm();
    Map<String, Object> figures = new LinkedHashMap<>();
    try (LimitedUser ann = new LimitedUser("ann", GREEDY, doors);
        LimitedUser bob = new LimitedUser("bob", MODEST, doors)) {
      watch(ann, bob);
      ann.close();
      bob.close();
      judge(ann, bob);
      figures.put("ann", figures(ann.count()));
      figures.put("bob", figures(bob.count()));
      figures.put("most_in_a_window", ann.mostWithin(TimeUnit.SECONDS.toNanos(WINDOW_SECONDS)));
    }
    mesh.delete(limit);
    try (LimitedUser ann = new LimitedUser("ann", GREEDY, doors)) {
      TimeUnit.SECONDS.sleep(2);
      ann.close();
      Count after = ann.count();
      script.expect(
          "taken away: %d more of ann's requests, %d denied".formatted(after.admitted() + after.denied(), after.denied()),
          after.denied() + after.failed() == 0 && after.left() == -1);
    }
    load.begin();
    script.report().span("rate limit", pages);
    script.report().figure("rate_limit", figures);
    script.expect(
        pages.requests() + " pages meanwhile, which carry no user: " + pages.failures() + " failed", pages.failures() == 0);
  }

  /** The first requests of a process are slow; those of a user who is not counted here take that upon them. */
  private void warm() throws InterruptedException {
    try (LimitedUser eve = new LimitedUser("eve", MODEST * 5, doors)) {
      TimeUnit.SECONDS.sleep(1);
      eve.close();
      script.expect(
          "in force: both sidecars say what is left" + (eve.count().failed() == 0 ? "" : ": " + eve.failure()),
          eve.count().failed() == 0 && eve.count().left() >= 0);
    }
  }

  private void watch(LimitedUser ann, LimitedUser bob) throws InterruptedException {
    script.say("%8s   %28s   %28s", "", "ann: admitted  denied   left", "bob: admitted  denied   left");
    for (int second = 1; second <= SECONDS; second++) {
      TimeUnit.SECONDS.sleep(1);
      Count greedy = ann.count();
      Count modest = bob.count();
      script.say(
          "%6d s   %13d %7d %6d   %13d %7d %6d", second, greedy.admitted(), greedy.denied(), greedy.left(), modest.admitted(), modest.denied(),
          modest.left());
    }
  }

  private void judge(LimitedUser ann, LimitedUser bob) {
    Count greedy = ann.count();
    Count modest = bob.count();
    int most = ann.mostWithin(TimeUnit.SECONDS.toNanos(WINDOW_SECONDS) - BLUR_NANOS);
    script.expect("never more than %d of ann's within %d s, by both sidecars together: at most %d".formatted(LIMIT, WINDOW_SECONDS, most), most <= LIMIT);
    int due = LIMIT * (SECONDS / WINDOW_SECONDS);
    script.expect(
        "%d admitted, %d denied; %d are due, less what a sidecar was granted ahead and did not spend".formatted(greedy.admitted(), greedy.denied(), due),
        greedy.admitted() >= due * 8 / 10 && greedy.denied() > 0);
    script.expect("bob, who stays below his limit, was denied %d times".formatted(modest.denied()), modest.denied() == 0 && modest.admitted() > 0);
    script.expect(
        "nothing else failed" + (greedy.failed() + modest.failed() == 0 ? "" : ": " + ann.failure() + bob.failure()),
        greedy.failed() + modest.failed() == 0);
  }

  private static Map<String, Object> figures(Count count) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("admitted", count.admitted());
    figures.put("denied", count.denied());
    figures.put("failed", count.failed());
    return figures;
  }
}
