package dev.tenon.cli.policy;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Row;
import dev.tenon.cli.client.Target;
import dev.tenon.wire.admin.v1.QuotaCounter;
import dev.tenon.wire.admin.v1.QuotaTopRequest;
import dev.tenon.wire.admin.v1.QuotaTopResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tenon policy top}: which counters are fullest. */
@Command(
    name = "top",
    description = {
      "Shows the counters of quotas, the fullest first: what was spent in the present window, and when some of it is free again.",
      "What proxies were granted ahead counts as spent. Ask the control plane, or the policy service; a sidecar has what it counts by itself."
    })
final class TopCommand implements Callable<Integer> {
  @Parameters(index = "0", arity = "0..1", paramLabel = "RULE", description = "Only what this rule charges: NAME.NAMESPACE, as 'tenon policy list' tells it.")
  private String rule = "";

  @Option(names = "--handler", paramLabel = "NAME.NAMESPACE", description = "Only the counters of this handler.")
  private String handler = "";

  @Option(names = "--limit", paramLabel = "COUNT", defaultValue = "20", description = "How many; at most 10000.")
  private int limit;

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    try (AdminSocket socket = target.connect()) {
      QuotaTopResponse top =
          socket.policy().top(QuotaTopRequest.newBuilder().setRule(rule).setHandler(handler).setLimit(Math.clamp(limit, 1, 10_000)).build());
      if (format == Format.table) {
        format.print(
            System.out, List.of("rule", "quota", "dimensions", "spent", "limit", "left", "reset"),
            top.getCountersList().stream().map(TopCommand::line).toList());
        if (top.getKeys() > top.getCountersCount()) {
          System.out.println("\n" + top.getCountersCount() + " of " + top.getKeys() + " counters");
        }
      } else {
        format.print(System.out, Row.of("counters", top.getCountersList().stream().map(TopCommand::whole).toList(), "keys", top.getKeys(), "notes", List.copyOf(top.getNotesList())));
      }
      top.getNotesList().forEach(each -> System.err.println("tenon: " + each));
      return 0;
    }
  }

  private static Map<String, Object> line(QuotaCounter counter) {
    return Row.of(
        "rule", counter.getRulesCount() == 0 ? "-" : String.join(",", counter.getRulesList()),
        "quota", counter.getInstance(),
        "dimensions", counter.getDimensionsCount() == 0 ? "-" : dimensions(counter),
        "spent", counter.getSpent(),
        "limit", counter.getLimit(),
        "left", Math.max(0, counter.getLimit() - counter.getSpent()),
        "reset", time(counter.getResetNanos()));
  }

  private static String dimensions(QuotaCounter counter) {
    return new TreeMap<>(counter.getDimensionsMap()).entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).collect(Collectors.joining(" "));
  }

  private static Map<String, Object> whole(QuotaCounter counter) {
    return Row.of(
        "handler", counter.getHandler(),
        "instance", counter.getInstance(),
        "rules", List.copyOf(counter.getRulesList()),
        "key", counter.getKey(),
        "dimensions", new TreeMap<>(counter.getDimensionsMap()),
        "spent", counter.getSpent(),
        "limit", counter.getLimit(),
        "resetMillis", counter.getResetNanos() / 1_000_000);
  }

  /** A time for operators: tenths below ten seconds. */
  static String time(long nanos) {
    Duration time = Duration.ofNanos(nanos);
    if (time.toDays() > 3_650) {
      return "never";
    }
    if (time.toSeconds() < 10) {
      return time.toMillis() / 1000 + "." + time.toMillisPart() / 100 + "s";
    }
    return time.toSeconds() < 600 ? time.toSeconds() + "s" : time.toMinutes() < 600 ? time.toMinutes() + "m" : time.toHours() + "h";
  }
}
