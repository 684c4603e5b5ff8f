package dev.tenon.cli.client;

import dev.tenon.wire.admin.v1.GetRequest;
import dev.tenon.wire.admin.v1.GetResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tenon get}: the objects in force. */
@Command(name = "get", description = "Shows the objects in force.")
public final class GetCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "KIND",
      defaultValue = "",
      description = "For example virtualservice, vs, gateways; every kind when left out.")
  private String kind = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", defaultValue = "", description = "One object.")
  private String name = "";

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      defaultValue = "",
      description = "One namespace; all when left out.")
  private String namespace = "";

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    GetRequest request =
        GetRequest.newBuilder().setKind(kind).setNamespace(namespace).setName(name).build();
    try (AdminSocket socket = target.connect()) {
      GetResponse response = socket.config().get(request);
      if (!name.isEmpty() && response.getObjectsCount() == 0) {
        throw new Refused("no " + kind + " named " + name + (namespace.isEmpty() ? "" : " in " + namespace));
      }
      print(response);
      return 0;
    }
  }

  private void print(GetResponse response) {
    switch (format) {
      case yaml -> {
        List<String> texts = new ArrayList<>();
        response.getObjectsList().forEach(object -> texts.add(object.getYaml().stripTrailing() + "\n"));
        System.out.print(String.join("---\n", texts));
      }
      case json -> {
        Load load = new Load(LoadSettings.builder().build());
        format.print(
            System.out,
            response.getObjectsList().stream().map(object -> load.loadFromString(object.getYaml())).toList());
      }
      case table -> {
        List<Map<String, Object>> rows = new ArrayList<>();
        response
            .getObjectsList()
            .forEach(
                object -> {
                  Map<String, Object> row = Changes.keyRow(object.getKey());
                  row.put("age", Ages.since(object.getChangedMillis()));
                  rows.add(row);
                });
        format.print(System.out, List.of("kind", "namespace", "name", "age"), rows);
      }
    }
  }
}
