package dev.tenon.cli.token;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tenon token}: the tokens that a process takes from remote operators and viewers. */
@Command(
    name = "token",
    description = "Makes, lists and revokes the tokens that a process takes over its remote administration.",
    subcommands = {CreateCommand.class, ListCommand.class, RevokeCommand.class})
public final class TokenCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: " + String.join(", ", spec.subcommands().keySet()));
  }
}
