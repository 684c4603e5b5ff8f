package dev.tenon.cli.client;

import dev.tenon.wire.admin.v1.ApplyRequest;
import dev.tenon.wire.admin.v1.ApplyResponse;
import dev.tenon.wire.admin.v1.ObjectChange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tenon apply}: creates or replaces a set of objects, all of them or none. */
@Command(
    name = "apply",
    description = "Creates or replaces every object of the files, or changes nothing and says why.")
public final class ApplyCommand implements Callable<Integer> {
  @Option(
      names = {"-f", "--filename"},
      required = true,
      paramLabel = "FILE|DIR",
      description = "YAML or JSON; a directory's files; - for standard input. May be repeated.")
  private List<String> files = List.of();

  @Option(names = "--strict", description = "Findings between objects refuse the set instead of warning.")
  private boolean strict;

  @Option(names = "--dry-run", description = "Says what would change, and changes nothing.")
  private boolean dryRun;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      defaultValue = "default",
      description = "The namespace of objects that name none (${DEFAULT-VALUE}).")
  private String namespace = "default";

  @Option(
      names = "--to",
      paramLabel = "STORE",
      defaultValue = "",
      description = "Writes to a store such as consul, by check-and-set, instead of the control plane's directory.")
  private String to = "";

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Waiting waiting = new Waiting();

  @Mixin private Target target = new Target();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    if (waiting.wanted() && !to.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--wait does not go with --to: control planes hear of it from " + to);
    }
    ApplyRequest request =
        ApplyRequest.newBuilder()
            .addAllTexts(Texts.read(files))
            .setStrict(strict)
            .setDryRun(dryRun)
            .setNamespace(namespace)
            .setTo(to)
            .build();
    try (AdminSocket socket = target.connect()) {
      ApplyResponse response = socket.config().apply(request);
      print(response);
      if (response.getAccepted() && !dryRun) {
        waiting.await(socket);
      }
      return response.getAccepted() ? 0 : 1;
    }
  }

  private void print(ApplyResponse response) {
    if (format != Format.table) {
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("accepted", response.getAccepted());
      answer.put("changes", response.getChangesList().stream().map(Changes::row).toList());
      answer.put("findings", Findings.rows(response.getFindingsList()));
      format.print(System.out, answer);
      return;
    }
    Findings.print(System.err, response.getFindingsList());
    for (ObjectChange change : response.getChangesList()) {
      System.out.println(Changes.line(change) + (dryRun ? " (dry run)" : ""));
    }
    if (!response.getAccepted()) {
      System.err.println("tenon: nothing was changed");
    }
  }
}
