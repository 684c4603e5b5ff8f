package dev.tenon.cli.consul;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tenon consul}: what Consul knows beside services. */
@Command(name = "consul", description = "What Consul knows beside services.", subcommands = IntentionsCommand.class)
public final class ConsulCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: " + String.join(", ", spec.subcommands().keySet()));
  }
}
