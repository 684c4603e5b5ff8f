package dev.tenon.cli.policy;

import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Refused;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tenon policy eval}: what an expression, or a table of them, gives in the engine that proxies run. */
@Command(
    name = "eval",
    description = "Evaluates an expression, or a table of expressions with what they should give.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:evaluated; with --cases: all as expected",
      "1:it fails, or a case differs from what was expected",
      "2:the call itself was wrong"
    })
final class EvalCommand implements Callable<Integer> {
  private static final List<String> COLUMNS = List.of("expression", "type", "result", "referenced", "errorClass");

  @Parameters(index = "0", arity = "0..1", paramLabel = "EXPRESSION", description = "For example 'request.path == \"/admin\"'.")
  private String expression = "";

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "The request's attributes for EXPRESSION: a YAML or JSON mapping, like request.size: {int64: \"20\"}.")
  private List<Path> input = List.of();

  @Option(
      names = "--cases",
      paramLabel = "FILE",
      description = "A table: expression, attributes (name of a set), input, and any of type, result, referenced, compileError,"
          + " evaluationError.")
  private List<Path> cases = List.of();

  @Option(
      names = "--attributes",
      paramLabel = "FILE",
      description = "Sets of attributes: name, then types by attribute. Without, the standard attributes.")
  private List<Path> attributes = List.of();

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (expression.isEmpty() == cases.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "give either an EXPRESSION or --cases FILE");
    }
    return cases.isEmpty() ? one(single()) : all(table());
  }

  private int one(Trial trial) throws IOException, InterruptedException {
    Map<String, Object> row = Mixer.call(trial::run);
    format.print(System.out, COLUMNS, List.of(row));
    if (row.get("error") instanceof String reason) {
      System.err.println("tenon: " + reason);
      return 1;
    }
    return 0;
  }

  private int all(List<Trial> trials) throws IOException, InterruptedException {
    List<Map<String, Object>> rows = Mixer.call(language -> trials.stream().map(each -> each.compare(language)).toList());
    List<String> columns = new ArrayList<>(COLUMNS);
    columns.add("differs");
    format.print(System.out, columns, rows);
    long differing = rows.stream().filter(row -> !List.of().equals(row.get("differs"))).count();
    System.err.println("tenon: " + rows.size() + " cases, " + differing + " differ");
    return differing == 0 ? 0 : 1;
  }

  private Trial single() {
    Node.Mapping nothing = new Node.Mapping(new LinkedHashMap<>(), Position.of("the call"));
    Map<String, Object> values = new LinkedHashMap<>();
    input.forEach(file -> values.putAll(Written.values(Tables.mapping(file))));
    Map<String, String> vocabulary = new LinkedHashMap<>();
    sets().values().forEach(vocabulary::putAll);
    return new Trial(expression, "", vocabulary, new GivenAttributes(values), nothing);
  }

  private List<Trial> table() {
    Map<String, Map<String, String>> sets = sets();
    return cases.stream().flatMap(file -> Tables.items(file).stream()).map(each -> Trial.read(each, sets)).toList();
  }

  private Map<String, Map<String, String>> sets() {
    Map<String, Map<String, String>> sets = new LinkedHashMap<>();
    attributes.forEach(file -> Tables.mapping(file).entries().forEach((name, set) -> {
      if (!(set instanceof Node.Mapping types)) {
        throw new Refused(set.at() + ": " + name + ": a set is a mapping of attributes to types");
      }
      Map<String, String> vocabulary = new LinkedHashMap<>();
      types.entries().forEach((attribute, type) -> vocabulary.put(attribute, String.valueOf(Written.value(type))));
      sets.put(name, vocabulary);
    }));
    return sets;
  }
}
