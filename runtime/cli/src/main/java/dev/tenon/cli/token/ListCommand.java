package dev.tenon.cli.token;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Target;
import dev.tenon.wire.admin.v1.ListTokensRequest;
import dev.tenon.wire.admin.v1.TokenInfo;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenon token list}: which tokens there are; not the tokens themselves. */
@Command(name = "list", description = "Lists the tokens that are valid now, without the tokens themselves.")
final class ListCommand implements Callable<Integer> {
  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    try (AdminSocket socket = target.connect()) {
      List<TokenInfo> tokens = socket.tokens().list(ListTokensRequest.getDefaultInstance()).getTokensList();
      format.print(System.out, List.of("id", "role", "label", "created", "expires"), tokens.stream().map(ListCommand::whole).toList());
      return 0;
    }
  }

  static Map<String, Object> whole(TokenInfo token) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", token.getId());
    row.put("role", token.getRole());
    row.put("label", token.getLabel());
    row.put("created", moment(token.getCreatedMillis()));
    row.put("expires", moment(token.getExpiresMillis()));
    return row;
  }

  private static String moment(long millis) {
    return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
