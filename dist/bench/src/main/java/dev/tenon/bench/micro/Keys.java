package dev.tenon.bench.micro;

import dev.tenon.adapter.memquota.MemQuota;
import dev.tenon.kernel.boot.YamlText;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.policy.Charge;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.QuotaAdapter;
import dev.tenon.spi.policy.Template;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Counts for a million callers, then for more that somebody makes up; tells what is held, then and afterwards. */
public final class Keys {
    private static final String PARAMS =
            "quotas: [{name: requests, maxAmount: 5, validDuration: %ss, rateLimitAlgorithm: ROLLING_WINDOW}]";

    private Keys() {}

    /** Prints its figures. The arguments: how long a window is, in seconds; longer than counting takes; and how many are made up. */
    public static void main(String... arguments) throws InterruptedException {
        MemQuota factory = new MemQuota();
        Node.Mapping params = (Node.Mapping) new YamlText().parse("bench.yaml", PARAMS.replace("%s", arguments[0])).getFirst();
        QuotaAdapter adapter = (QuotaAdapter) factory.build("limit.default", Fields.of(params, "params"));
        long before = usedBytes();
        long begin = System.nanoTime();
        take(adapter, 0, 1_000_000);
        tell("keys.take_ns", (System.nanoTime() - begin) / 1e6);
        tell("keys.million_mb", (usedBytes() - before) / 1e6);
        take(adapter, 1_000_000, 1_000_000 + Integer.parseInt(arguments[1]));
        tell("keys.attacked_mb", (usedBytes() - before) / 1e6);
        begin = System.nanoTime();
        while (!adapter.top(1).fullest().isEmpty() && System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(90)) {
            TimeUnit.MILLISECONDS.sleep(200);
        }
        TimeUnit.SECONDS.sleep(2); // they leave within a second of being over
        tell("keys.over_mb", (usedBytes() - before) / 1e6);
        adapter.close();
    }

    private static void take(QuotaAdapter adapter, int from, int to) {
        for (int i = from; i < to; i++) {
            Map<String, Object> values = Map.of("dimensions", Map.of("user", "someone-" + i));
            adapter.take(new Instance("requests.instance.default", Template.QUOTA, values, Requests.REVIEWS), Charge.ONE);
        }
    }

    private static long usedBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void tell(String figure, double value) {
        System.out.printf(java.util.Locale.ROOT, "%s %.1f%n", figure, value);
    }
}
