package dev.tenon.cli.workload;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Refused;
import dev.tenon.cli.client.Target;
import dev.tenon.wire.admin.v1.ListWorkloadsRequest;
import dev.tenon.wire.admin.v1.RegisteredWorkload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tenon workload describe}: one of them, with all that its group adds. */
@Command(name = "describe", description = "Shows all that is known of one workload, with what its WorkloadGroup adds.")
final class DescribeCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NAME|NAMESPACE/NAME", description = "As 'tenon workload list' shows it.")
  private String name = "";

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    Key key = Key.of(name);
    try (AdminSocket socket = target.connect()) {
      List<RegisteredWorkload> found =
          socket.workloads().list(ListWorkloadsRequest.newBuilder().setNamespace(key.namespace()).setName(key.name()).build()).getWorkloadsList();
      if (found.isEmpty()) {
        throw new Refused("no workload " + key.namespace() + "/" + key.name() + " is registered; see 'tenon workload list'");
      }
      Map<String, Object> whole = Rows.whole(found.getFirst(), Format.yaml);
      if (format != Format.table) {
        format.print(System.out, whole);
      } else {
        format.print(System.out, List.of("what", "is"), lines(whole));
      }
      return 0;
    }
  }

  private static List<Map<String, Object>> lines(Map<String, Object> whole) {
    List<Map<String, Object>> lines = new ArrayList<>();
    whole.forEach((what, is) -> {
      if (is instanceof List<?> many) {
        many.forEach(each -> lines.add(line(what, each)));
      } else if (!String.valueOf(is).isEmpty()) {
        lines.add(line(what, is));
      }
    });
    return lines;
  }

  private static Map<String, Object> line(String what, Object is) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("what", what);
    line.put("is", is instanceof Map<?, ?> map ? map.toString().replaceAll("[{}]", "") : is);
    return line;
  }
}
