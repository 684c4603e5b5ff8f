package dev.tenon.cli.policy;

import picocli.CommandLine.Command;

/** {@code tenon policy}: what holds in a mesh, and what would without one. */
@Command(
    name = "policy",
    description = "Shows policy, what its counters stand at, and tries it out.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ListCommand.class, DescribeCommand.class, TopCommand.class, ResetCommand.class, EvalCommand.class, TestCommand.class})
public final class PolicyCommand {}
