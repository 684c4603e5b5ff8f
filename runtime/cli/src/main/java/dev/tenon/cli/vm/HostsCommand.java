package dev.tenon.cli.vm;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Target;
import dev.tenon.wire.admin.v1.Host;
import dev.tenon.wire.admin.v1.ListHostsRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenon vm hosts}: who joined. */
@Command(name = "hosts", description = "Lists the hosts that joined, those included that left.")
final class HostsCommand implements Callable<Integer> {
  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    try (AdminSocket socket = target.connect()) {
      List<Host> hosts = socket.hosts().listHosts(ListHostsRequest.getDefaultInstance()).getHostsList();
      format.print(System.out, List.of("namespace", "name", "group", "state", "address", "joined", "renewed", "expires"), hosts.stream().map(HostsCommand::whole).toList());
      return 0;
    }
  }

  private static Map<String, Object> whole(Host host) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("namespace", host.getNamespace());
    row.put("name", host.getName());
    row.put("group", host.getGroup());
    row.put("services", String.join(" ", host.getServicesList()));
    row.put("state", host.getState());
    row.put("address", host.getAddress());
    row.put("joined", TokenCommand.moment(host.getJoinedMillis()));
    row.put("renewed", TokenCommand.moment(host.getRenewedMillis()));
    row.put("expires", TokenCommand.moment(host.getExpiresMillis()));
    row.put("token", host.getTokenId());
    return row;
  }
}
