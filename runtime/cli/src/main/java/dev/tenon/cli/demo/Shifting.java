package dev.tenon.cli.demo;

import dev.tenon.cli.process.Mesh;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The steps that move traffic between the versions of reviews, and what each version's share came to. */
final class Shifting {
  static final int STEP_SECONDS = 6;

  /** The file that splits over all three. */
  static final String THREE_WAYS = "virtual-service-reviews-60-30-10";

  /** What it says, in per cent. */
  static final Map<String, Double> SHARES = Map.of("v1", 60.0, "v2", 30.0, "v3", 10.0);

  private final Script script;
  private final Layout layout;
  private final Mesh mesh;
  private final Load load;

  Shifting(Script script, Layout layout, Mesh mesh, Load load) {
    this.script = script;
    this.layout = layout;
    this.mesh = mesh;
    this.load = load;
  }

  /**
   * Moves them.
   *
   * @param threeWays also over all three versions at once
   */
  void play(boolean threeWays) throws InterruptedException {
    script.title("Shifting reviews under " + Load.perSecond() + " requests/s, retries off");
    script.say("%-22s %8s %8s %8s %8s   %s", "", "requests", "failures", "p50 ms", "p99 ms", "shares %");
    step("100/0", "virtual-service-all-v1", Map.of("v1", 100.0));
    step("90/10", "virtual-service-reviews-90-10", Map.of("v1", 90.0, "v3", 10.0));
    step("50/50", "virtual-service-reviews-50-50", Map.of("v1", 50.0, "v3", 50.0));
    step("0/100", "virtual-service-reviews-v3", Map.of("v3", 100.0));
    if (threeWays) {
      step("60/30/10", THREE_WAYS, SHARES);
    }
  }

  private void step(String name, String file, Map<String, Double> wanted) throws InterruptedException {
    Tally change = load.begin();
    mesh.apply(layout.rules("networking/" + file + ".yaml"));
    Tally tally = load.begin();
    TimeUnit.SECONDS.sleep(STEP_SECONDS);
    load.begin();
    script.report().span(name + " while it is applied", change);
    judge(name, tally, wanted);
  }

  /** Shows a span, and compares its shares with what was wanted, in per cent. */
  void judge(String name, Tally tally, Map<String, Double> wanted) {
    script.report().span(name, tally);
    script.say(
        "reviews %-14s %8d %8d %8.1f %8.1f   %s",
        name, tally.requests(), tally.failures(), tally.millis(0.5), tally.millis(0.99), tally.shares());
    wanted.forEach(
        (version, share) -> {
          double seen = tally.shares().getOrDefault(version, 0.0);
          if (Math.abs(seen - share) > tolerance(share / 100, tally.requests())) {
            script.report().missed(name + ": reviews " + version + " had " + seen + " % of the requests, not " + share);
          }
        });
  }

  /** Five and a half standard deviations of a share drawn by lot: a right one misses it once in 25 million runs. */
  private static double tolerance(double share, int requests) {
    return 550 * Math.sqrt(share * (1 - share) / Math.max(1, requests));
  }
}
