package dev.tenon.cli.workload;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Target;
import dev.tenon.wire.admin.v1.ListWorkloadsRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenon workload list}: everybody, whoever registered him. */
@Command(name = "list", description = "Lists the workloads of bare machines, those included that registered themselves.")
final class ListCommand implements Callable<Integer> {
  @Option(names = {"-n", "--namespace"}, paramLabel = "NAME", defaultValue = "", description = "One namespace; all when left out.")
  private String namespace = "";

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    try (AdminSocket socket = target.connect()) {
      var all = socket.workloads().list(ListWorkloadsRequest.newBuilder().setNamespace(namespace).build()).getWorkloadsList();
      format.print(
          System.out,
          List.of("namespace", "name", "group", "address", "services", "health", "held by", "age"),
          all.stream().map(each -> Rows.whole(each, format)).toList());
      return 0;
    }
  }
}
