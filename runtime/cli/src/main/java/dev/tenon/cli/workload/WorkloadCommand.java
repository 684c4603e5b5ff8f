package dev.tenon.cli.workload;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tenon workload}: who is registered, and registering for machines that have no agent. */
@Command(
    name = "workload",
    description = "Shows the workloads of bare machines, and registers those that have no agent: behind a real Envoy, or behind nothing.",
    subcommands = {RegisterCommand.class, DeregisterCommand.class, ListCommand.class, DescribeCommand.class})
public final class WorkloadCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: " + String.join(", ", spec.subcommands().keySet()));
  }
}
