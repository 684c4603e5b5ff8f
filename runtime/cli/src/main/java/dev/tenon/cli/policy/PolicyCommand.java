package dev.tenon.cli.policy;

import picocli.CommandLine.Command;

/** {@code tenon policy}: what is known of policy without a mesh. */
@Command(name = "policy", description = "Tries policy out.", synopsisSubcommandLabel = "COMMAND", subcommands = EvalCommand.class)
public final class PolicyCommand {}
