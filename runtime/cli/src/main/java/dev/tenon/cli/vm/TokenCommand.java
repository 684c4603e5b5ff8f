package dev.tenon.cli.vm;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Target;
import dev.tenon.wire.admin.v1.CreateJoinTokenRequest;
import dev.tenon.wire.admin.v1.CreateJoinTokenResponse;
import dev.tenon.wire.admin.v1.JoinToken;
import dev.tenon.wire.admin.v1.ListJoinTokensRequest;
import dev.tenon.wire.admin.v1.RevokeJoinTokenRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tenon vm token}: what hosts join with. */
@Command(
    name = "token",
    description = "Makes, lists and revokes the tokens that hosts join with.",
    subcommands = {TokenCommand.Create.class, TokenCommand.Listing.class, TokenCommand.Revoke.class})
final class TokenCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: " + String.join(", ", spec.subcommands().keySet()));
  }

  /** The only moment at which a token is seen. */
  @Command(name = "create", description = "Makes a token and prints it. It is shown this once; the control plane keeps a hash.")
  static final class Create implements Callable<Integer> {
    private static final Pattern LIFETIME = Pattern.compile("(\\d{1,6})([smhd])");

    @Option(names = "--group", required = true, paramLabel = "GROUP", description = "The group that hosts join: a DNS label, kept in their credentials.")
    private String group = "";

    @Option(names = {"-n", "--namespace"}, paramLabel = "NAMESPACE", defaultValue = "default", description = "The group's (${DEFAULT-VALUE}).")
    private String namespace = "";

    @Option(names = "--service", paramLabel = "NAME|NAMESPACE/NAME", description = "A service that its hosts may answer for; may be repeated. Default: the one named as the group.")
    private List<String> services = List.of();

    @Option(names = "--ttl", paramLabel = "TIME", defaultValue = "1h", description = "From now: 45m, 12h, 7d (${DEFAULT-VALUE}); at most 30d.")
    private String lifetime = "";

    @Option(names = "--uses", paramLabel = "COUNT", defaultValue = "1", description = "How many hosts may join with it (${DEFAULT-VALUE}).")
    private int uses = 1;

    @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
    private Format format = Format.table;

    @Mixin private Target target = new Target();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
      if (uses < 1) {
        throw new ParameterException(spec.commandLine(), "--uses " + uses + ": a token is good for one host at least");
      }
      CreateJoinTokenRequest request = CreateJoinTokenRequest.newBuilder()
          .setNamespace(namespace)
          .setGroup(group)
          .addAllServices(services)
          .setLifetimeSeconds(seconds())
          .setUses(uses)
          .build();
      try (AdminSocket socket = target.connect()) {
        CreateJoinTokenResponse made = socket.hosts().createJoinToken(request);
        if (format == Format.table) {
          System.out.println(made.getToken());
        } else {
          Map<String, Object> row = whole(made.getInfo());
          row.put("token", made.getToken());
          format.print(System.out, row);
        }
        return 0;
      }
    }

    private long seconds() {
      Matcher text = LIFETIME.matcher(lifetime);
      if (!text.matches()) {
        throw new ParameterException(spec.commandLine(), "--ttl " + lifetime + " is no time like 45m, 12h or 7d");
      }
      long count = Long.parseLong(text.group(1));
      return switch (text.group(2)) {
        case "s" -> count;
        case "m" -> Duration.ofMinutes(count).toSeconds();
        case "h" -> Duration.ofHours(count).toSeconds();
        default -> Duration.ofDays(count).toSeconds();
      };
    }
  }

  /** Which there are; not the tokens themselves. */
  @Command(name = "list", description = "Lists the tokens that are valid now, without the tokens themselves.")
  static final class Listing implements Callable<Integer> {
    @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
    private Format format = Format.table;

    @Mixin private Target target = new Target();

    @Override
    public Integer call() {
      try (AdminSocket socket = target.connect()) {
        List<JoinToken> tokens = socket.hosts().listJoinTokens(ListJoinTokensRequest.getDefaultInstance()).getTokensList();
        format.print(System.out, List.of("id", "namespace", "group", "services", "used", "uses", "expires"), tokens.stream().map(TokenCommand::whole).toList());
        return 0;
      }
    }
  }

  /** Not taken any more, from the next attempt on. Hosts that joined with it stay. */
  @Command(name = "revoke", description = "Revokes a token. Hosts that joined with it stay; 'tenon vm evict' turns one out.")
  static final class Revoke implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "ID", description = "As 'tenon vm token list' shows it.")
    private String id = "";

    @Mixin private Target target = new Target();

    @Override
    public Integer call() {
      try (AdminSocket socket = target.connect()) {
        var _ = socket.hosts().revokeJoinToken(RevokeJoinTokenRequest.newBuilder().setId(id).build());
        System.out.println("token " + id + " is revoked");
        return 0;
      }
    }
  }

  private static Map<String, Object> whole(JoinToken token) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", token.getId());
    row.put("namespace", token.getNamespace());
    row.put("group", token.getGroup());
    row.put("services", String.join(" ", token.getServicesList()));
    row.put("used", token.getUsed());
    row.put("uses", token.getUses());
    row.put("created", moment(token.getCreatedMillis()));
    row.put("expires", moment(token.getExpiresMillis()));
    return row;
  }

  static String moment(long millis) {
    return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
