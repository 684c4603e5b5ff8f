package dev.tenon.cli.consul;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Target;
import dev.tenon.wire.admin.v1.Intention;
import dev.tenon.wire.admin.v1.ListIntentionsRequest;
import dev.tenon.wire.admin.v1.ListIntentionsResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenon consul intentions}. */
@Command(name = "intentions", description = "Shows Consul's intentions: who may call whom in Consul's own mesh. This one does not enforce them.")
final class IntentionsCommand implements Callable<Integer> {
  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    try (AdminSocket socket = target.connect()) {
      ListIntentionsResponse response = socket.consul().listIntentions(ListIntentionsRequest.getDefaultInstance());
      if (format == Format.table) {
        format.print(System.out, List.of("source", "destination", "action", "precedence", "description"),
            response.getIntentionsList().stream().map(IntentionsCommand::line).toList());
      } else {
        format.print(System.out, response.getIntentionsList().stream().map(IntentionsCommand::whole).toList());
      }
      if (response.getFiltered()) {
        System.err.println("Consul left some out: the control plane's token lacks intentions = \"read\" for their destinations");
      }
      return 0;
    }
  }

  private static Map<String, Object> line(Intention intention) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("source", intention.getSource());
    row.put("destination", intention.getDestination());
    row.put("action", intention.getPermissionsCount() == 0 ? intention.getAction() : "by request (" + intention.getPermissionsCount() + ")");
    row.put("precedence", intention.getPrecedence());
    row.put("description", intention.getDescription());
    return row;
  }

  private static Map<String, Object> whole(Intention intention) {
    Map<String, Object> row = line(intention);
    row.put("action", intention.getAction());
    row.put("permissions", intention.getPermissionsList().stream().map(each -> {
      Map<String, Object> permission = new LinkedHashMap<>();
      permission.put("action", each.getAction());
      permission.put("http", each.getHttp());
      return permission;
    }).toList());
    return row;
  }
}
