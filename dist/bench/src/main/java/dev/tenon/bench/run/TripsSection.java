package dev.tenon.bench.run;

import dev.tenon.bench.contend.Redis;
import dev.tenon.bench.contend.Running;
import dev.tenon.bench.contend.Setting;
import dev.tenon.bench.contend.Tenon;
import dev.tenon.bench.drive.OpenLoop;
import dev.tenon.bench.judge.Figures;
import dev.tenon.bench.observe.Load;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How often a sidecar has to ask, at nine tenths of a limit of 10,000 in 2.5 s and of 100,000 in 25 s in Redis. */
final class TripsSection {
    private static final int RATE = 3_600;
    private static final OpenLoop LOAD = new OpenLoop(RATE, 64);

    private TripsSection() {}

    /** @param running our sidecar, which goes on running; so does what is applied last, without Redis */
    static void run(Tenon tenon, Running running, @Nullable Redis redis, boolean quick, Figures figures, PrintStream out)
            throws IOException, InterruptedException {
        out.println("trips");
        int seconds = quick ? 3 : 25;
        for (String kind : new String[] {"fixed", "rolling"}) {
            tenon.apply(Setting.LIMITED, Limits.yaml(kind, 10_000, 2500, null));
            measure(tenon, running, seconds, "trips." + kind, null, figures, out);
        }
        if (redis == null) {
            out.println("  redis-server is missing: run .ci/peers/install debian");
            figures.put("trips.redis_each", null);
        } else {
            tenon.apply(Setting.LIMITED, Limits.yaml("fixed", 100_000, 25_000, redis));
            measure(tenon, running, seconds, "trips.redis", redis, figures, out);
        }
        tenon.apply(Setting.LIMITED, Limits.PLENTY);
    }

    private static void measure(
            Tenon tenon, Running running, int seconds, String prefix, @Nullable Redis redis, Figures figures, PrintStream out)
            throws IOException, InterruptedException {
        LOAD.run(running.target(), 1); // what was granted under other rules is gone, and the rate is known
        TimeUnit.MILLISECONDS.sleep(200);
        double asked = metric(tenon, "tenon_policy_shared_asked_total");
        double trips = metric(tenon, "tenon_policy_shared_trips_total");
        long scripts = redis == null ? 0 : redis.trips();
        Load load = LOAD.run(running.target(), seconds);
        double share = (metric(tenon, "tenon_policy_shared_trips_total") - trips)
                / (metric(tenon, "tenon_policy_shared_asked_total") - asked);
        figures.put(prefix + "_share", share).put(prefix + "_denied", load.failures());
        out.printf("  %s: %d requests, %d of them denied, trips for %.3f %%%n", prefix, load.requests(), load.failures(), share * 100);
        if (redis != null) {
            figures.put(prefix + "_each", (redis.trips() - scripts) / (double) load.requests());
        }
    }

    private static double metric(Tenon tenon, String name) throws IOException, InterruptedException {
        return tenon.metrics(Setting.LIMITED).lines().filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }
}
