package dev.tenon.cli.vm;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tenon vm}: join from a machine of one's own; and, on the control plane, who may and who has. */
@Command(
    name = "vm",
    description = "Lets machines join the mesh: tokens and hosts on the control plane, the rest on the host itself.",
    subcommands = {TokenCommand.class, JoinCommand.class, CheckCommand.class, BootstrapCommand.class, DrainCommand.class, LeaveCommand.class, HostsCommand.class, EvictCommand.class})
public final class VmCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: " + String.join(", ", spec.subcommands().keySet()));
  }
}
