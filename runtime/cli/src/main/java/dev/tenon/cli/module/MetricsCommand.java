package dev.tenon.cli.module;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Target;
import dev.tenon.wire.admin.v1.ModuleMetricsRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tenon module metrics}: what the kernel counts. */
@Command(name = "metrics", description = "Prints what the kernel counts of its modules, in Prometheus' text format.")
final class MetricsCommand implements Callable<Integer> {
  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    try (AdminSocket socket = target.connect()) {
      System.out.print(socket.modules().metrics(ModuleMetricsRequest.getDefaultInstance()).getText());
      return 0;
    }
  }
}
