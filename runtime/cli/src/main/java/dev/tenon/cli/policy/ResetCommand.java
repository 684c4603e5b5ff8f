package dev.tenon.cli.policy;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Target;
import dev.tenon.wire.admin.v1.QuotaResetRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tenon policy reset}: forgets what was spent. */
@Command(
    name = "reset",
    description = {
      "Forgets what counters have spent: all that a rule charges, or one.",
      "What proxies hold of earlier grants they may still spend; it lasts no longer than its window."
    })
final class ResetCommand implements Callable<Integer> {
  @ArgGroup(multiplicity = "1", exclusive = true)
  private What what = new What();

  @Mixin private Target target = new Target();

  /** A rule, or a counter. */
  static final class What {
    @Parameters(index = "0", arity = "1", paramLabel = "RULE", description = "NAME.NAMESPACE, as 'tenon policy list' tells it.")
    private String rule = "";

    @ArgGroup(exclusive = false)
    private One one = new One();
  }

  /** One counter. */
  static final class One {
    @Option(names = "--handler", required = true, paramLabel = "NAME.NAMESPACE", description = "Whose counter.")
    private String handler = "";

    @Option(names = "--key", required = true, paramLabel = "KEY", description = "Which, as 'tenon policy top -o json' tells it.")
    private String key = "";
  }

  @Override
  public Integer call() {
    try (AdminSocket socket = target.connect()) {
      long counters =
          socket.policy()
              .reset(QuotaResetRequest.newBuilder().setRule(what.rule == null ? "" : what.rule).setHandler(what.one == null ? "" : what.one.handler).setKey(what.one == null ? "" : what.one.key).build())
              .getCounters();
      System.out.println(counters + (counters == 1 ? " counter" : " counters") + " forgotten");
      return 0;
    }
  }
}
