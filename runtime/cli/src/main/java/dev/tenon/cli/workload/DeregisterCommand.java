package dev.tenon.cli.workload;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Target;
import dev.tenon.wire.admin.v1.DeregisterWorkloadRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tenon workload deregister}: takes back what {@code register} did. */
@Command(name = "deregister", description = "Takes workloads out that were registered by 'tenon workload register'. Nobody calls them any more when this returns.")
final class DeregisterCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "NAME|NAMESPACE/NAME", description = "As 'tenon workload list' shows them.")
  private List<String> names = List.of();

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    try (AdminSocket socket = target.connect()) {
      for (String name : names) {
        Key key = Key.of(name);
        var _ = socket.workloads().deregister(DeregisterWorkloadRequest.newBuilder().setNamespace(key.namespace()).setName(key.name()).build());
        System.out.println(key.namespace() + "/" + key.name() + " is deregistered");
      }
      return 0;
    }
  }
}
