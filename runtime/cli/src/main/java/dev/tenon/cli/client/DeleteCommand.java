package dev.tenon.cli.client;

import dev.tenon.wire.admin.v1.DeleteRequest;
import dev.tenon.wire.admin.v1.DeleteResponse;
import dev.tenon.wire.admin.v1.ObjectKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tenon delete}: takes objects away, by name or by the files that created them. */
@Command(name = "delete", description = "Deletes objects, by kind and name or by the files that created them.")
public final class DeleteCommand implements Callable<Integer> {
  @Parameters(index = "0", arity = "0..1", paramLabel = "KIND", defaultValue = "", description = "Of the objects.")
  private String kind = "";

  @Parameters(index = "1..*", arity = "0..*", paramLabel = "NAME", description = "One or more objects.")
  private List<String> names = List.of();

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE|DIR",
      description = "Deletes what these files name.")
  private List<String> files = List.of();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      defaultValue = "default",
      description = "Where the objects lie (${DEFAULT-VALUE}).")
  private String namespace = "default";

  @Option(
      names = "--from",
      paramLabel = "STORE",
      defaultValue = "",
      description = "Takes them out of a store such as consul, by check-and-set, instead of the control plane's directory.")
  private String from = "";

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Waiting waiting = new Waiting();

  @Mixin private Target target = new Target();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    if (files.isEmpty() == (kind.isEmpty() || names.isEmpty())) {
      throw new ParameterException(spec.commandLine(), "give either KIND and NAME, or -f FILE");
    }
    if (waiting.wanted() && !from.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--wait does not go with --from: control planes hear of it from " + from);
    }
    DeleteRequest.Builder request = DeleteRequest.newBuilder().setNamespace(namespace).setFrom(from);
    for (String name : names) {
      request.addKeys(ObjectKey.newBuilder().setKind(kind).setNamespace(namespace).setName(name));
    }
    request.addAllTexts(Texts.read(files));
    try (AdminSocket socket = target.connect()) {
      DeleteResponse response = socket.config().delete(request.build());
      print(response);
      waiting.await(socket);
      return response.getMissingCount() + response.getFindingsCount() == 0 ? 0 : 1;
    }
  }

  private void print(DeleteResponse response) {
    if (format != Format.table) {
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("changes", response.getChangesList().stream().map(Changes::row).toList());
      answer.put("missing", response.getMissingList().stream().map(Changes::keyRow).toList());
      answer.put("findings", Findings.rows(response.getFindingsList()));
      format.print(System.out, answer);
      return;
    }
    Findings.print(System.err, response.getFindingsList());
    response.getChangesList().forEach(change -> System.out.println(Changes.line(change)));
    response.getMissingList().forEach(key -> System.err.println(Changes.name(key) + ": not found"));
  }
}
