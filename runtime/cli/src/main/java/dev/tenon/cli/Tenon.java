package dev.tenon.cli;

import dev.tenon.cli.client.ApplyCommand;
import dev.tenon.cli.client.DeleteCommand;
import dev.tenon.cli.client.GetCommand;
import dev.tenon.cli.client.MetricsCommand;
import dev.tenon.cli.client.Refused;
import dev.tenon.cli.client.ServicesCommand;
import dev.tenon.cli.client.StatusCommand;
import dev.tenon.cli.consul.ConsulCommand;
import dev.tenon.cli.demo.DemoCommand;
import dev.tenon.cli.module.ModuleCommand;
import dev.tenon.cli.policy.ExplainCommand;
import dev.tenon.cli.policy.PolicyCommand;
import dev.tenon.cli.token.TokenCommand;
import dev.tenon.cli.train.AotCommand;
import dev.tenon.cli.vm.VmCommand;
import dev.tenon.cli.workload.WorkloadCommand;
import io.grpc.StatusRuntimeException;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ScopeType;

/** The {@code tenon} command. */
@Command(
    name = "tenon",
    description = "A service mesh whose every part is replaced while traffic flows.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Tenon.Version.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:refused or failed; the reason is on standard error",
      "2:the call itself was wrong"
    },
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      ApplyCommand.class,
      GetCommand.class,
      DeleteCommand.class,
      StatusCommand.class,
      ServicesCommand.class,
      MetricsCommand.class,
      PolicyCommand.class,
      ExplainCommand.class,
      ModuleCommand.class,
      TokenCommand.class,
      VmCommand.class,
      ConsulCommand.class,
      WorkloadCommand.class,
      AotCommand.class,
      VersionCommand.class,
      GenerateCompletion.class
    })
final class Tenon {
  private Tenon() {}

  /** Runs one command; returns its exit code. */
  static int execute(String... words) {
    return commandLine().execute(words);
  }

  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Tenon());
    commandLine.setExecutionExceptionHandler(Tenon::explain);
    commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.AUTO));
    return commandLine;
  }

  private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    String message =
        switch (failure) {
          case Refused refused -> String.valueOf(refused.getMessage());
          case StatusRuntimeException status -> said(status);
          default -> failure.toString();
        };
    if (!(failure instanceof Refused) && !(failure instanceof StatusRuntimeException)) {
      Logger.getLogger(Tenon.class.getName()).log(Level.SEVERE, "the command failed", failure);
    }
    System.err.println("tenon: " + message);
    return 1;
  }

  private static String said(StatusRuntimeException status) {
    String description = status.getStatus().getDescription();
    return switch (status.getStatus().getCode()) {
      case UNAVAILABLE ->
          description != null && description.startsWith("modules are starting")
              ? "the process has only just been started (" + description + "); try again in a moment"
              : "the process does not answer (" + description + "). Is it still running?";
      case UNIMPLEMENTED -> "the process has no module that answers this; is it a control plane?";
      case DEADLINE_EXCEEDED -> "the process did not answer in time";
      default -> description == null ? status.getStatus().getCode().name() : description;
    };
  }

  /** What {@code --version} prints. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"tenon " + VersionCommand.version()};
    }
  }
}
