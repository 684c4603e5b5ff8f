package dev.tenon.cli.token;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Target;
import dev.tenon.wire.admin.v1.CreateTokenRequest;
import dev.tenon.wire.admin.v1.CreateTokenResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tenon token create}: the only moment at which a token is seen. */
@Command(name = "create", description = "Makes a token and prints it. It is shown this once; the process keeps a hash.")
final class CreateCommand implements Callable<Integer> {
  private static final Pattern LIFETIME = Pattern.compile("(\\d{1,6})([mhd])");

  @Option(names = "--role", required = true, paramLabel = "ROLE", description = "${COMPLETION-CANDIDATES}")
  private Role role = Role.viewer;

  @Option(names = "--label", paramLabel = "TEXT", defaultValue = "", description = "Whose it is, for the list and the history.")
  private String label = "";

  @Option(names = "--expires", paramLabel = "TIME", defaultValue = "30d", description = "From now: 45m, 12h, 30d (${DEFAULT-VALUE}); at most 365d.")
  private String expires = "";

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    CreateTokenRequest request = CreateTokenRequest.newBuilder()
        .setRole(role.name())
        .setLabel(label)
        .setLifetimeSeconds(lifetime().toSeconds())
        .build();
    try (AdminSocket socket = target.connect()) {
      CreateTokenResponse made = socket.tokens().create(request);
      if (format == Format.table) {
        System.out.println(made.getToken());
      } else {
        Map<String, Object> row = ListCommand.whole(made.getInfo());
        row.put("token", made.getToken());
        format.print(System.out, row);
      }
      return 0;
    }
  }

  private Duration lifetime() {
    Matcher text = LIFETIME.matcher(expires);
    if (!text.matches()) {
      throw new ParameterException(spec.commandLine(), "--expires " + expires + " is no time like 45m, 12h or 30d");
    }
    long count = Long.parseLong(text.group(1));
    return switch (text.group(2)) {
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}
