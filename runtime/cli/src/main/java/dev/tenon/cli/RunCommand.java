package dev.tenon.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tenon run}: one process of the mesh, until it is told to end. */
@Command(
    name = "run",
    description = "Runs one process of the mesh until SIGTERM or Ctrl-C.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:ended in good order",
      "1:could not start or run, for example because a port is taken",
      "2:the configuration cannot be used; each error names file, line and field"
    })
final class RunCommand implements Callable<Integer> {
  @Option(
      names = {"-p", "--profile"},
      paramLabel = "NAME",
      required = true,
      description = "all-in-one, control-plane, gateway, sidecar, workload, or another file in profiles/.")
  private String profile = "";

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "YAML laid over the profile; may be repeated, the last wins.")
  private List<Path> configs = List.of();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting laid over both, for example run.directory=/var/lib/tenon; may be repeated.")
  private List<String> sets = List.of();

  @Override
  public Integer call() {
    return asked().run();
  }

  RunCall asked() {
    return new RunCall(profile, configs, sets);
  }
}
