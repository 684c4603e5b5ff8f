package dev.tenon.cli.policy;

import picocli.CommandLine.Command;

/** {@code tenon explain}: what would happen, and why. */
@Command(name = "explain", description = "Says what would happen in a mesh, and why.", synopsisSubcommandLabel = "COMMAND", subcommands = ExplainRequestCommand.class)
public final class ExplainCommand {}
