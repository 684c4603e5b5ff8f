package dev.tenon.cli.module;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tenon module}: the modules of one running process. */
@Command(
    name = "module",
    description = "Shows the modules of a running process, and installs, swaps, removes and rolls them back under traffic.",
    subcommands = {
      ListCommand.class,
      ShowCommand.class,
      PlanCommand.class,
      InstallCommand.class,
      SwapCommand.class,
      RemoveCommand.class,
      RollbackCommand.class,
      HistoryCommand.class,
      LeaksCommand.class,
      VerifyCommand.class,
      MetricsCommand.class,
      NewCommand.class
    })
public final class ModuleCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: " + String.join(", ", spec.subcommands().keySet()));
  }
}
