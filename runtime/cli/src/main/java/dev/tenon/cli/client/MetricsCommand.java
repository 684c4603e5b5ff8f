package dev.tenon.cli.client;

import dev.tenon.wire.admin.v1.MeshMetricsRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tenon metrics}: the control plane's own figures. */
@Command(name = "metrics", description = "Prints what the control plane counts of registries and services, in Prometheus' text format.")
public final class MetricsCommand implements Callable<Integer> {
  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    try (AdminSocket socket = target.connect()) {
      System.out.print(socket.mesh().metrics(MeshMetricsRequest.getDefaultInstance()).getText());
      return 0;
    }
  }
}
