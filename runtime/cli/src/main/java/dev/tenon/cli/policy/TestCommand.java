package dev.tenon.cli.policy;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Findings;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Refused;
import dev.tenon.cli.client.Row;
import dev.tenon.cli.client.Texts;
import dev.tenon.kernel.boot.YamlText;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.wire.admin.v1.ApplyRequest;
import dev.tenon.wire.admin.v1.ApplyResponse;
import dev.tenon.wire.admin.v1.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tenon policy test}: tests of policy, in the engine and with the adapters that proxies have, without a mesh. */
@Command(
    name = "test",
    description = {
      "Runs tests of policy: requests with what should become of them, in the engine and with the adapters that proxies have.",
      "A file that holds a list is one of cases, any other one of policy. Each case begins with empty counters; time stands still but"
          + " for what 'after' says."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:all as expected", "1:a case failed, or a file was refused", "2:the call itself was wrong"})
final class TestCommand implements Callable<Integer> {
  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      required = true,
      description = "Policy or cases; a directory stands for its YAML and JSON files; may be repeated.")
  private List<String> files = List.of();

  @Option(names = "--plugins", paramLabel = "DIR", description = "Jars with adapters of your own.")
  private List<Path> plugins = List.of();

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Text> policy = new ArrayList<>();
    List<Case> cases = new ArrayList<>();
    for (Text each : Texts.read(files)) {
      List<Node> documents = documents(each);
      if (!documents.isEmpty() && documents.getFirst() instanceof Node.Items) {
        cases.addAll(cases(documents));
      } else {
        policy.add(each);
      }
    }
    if (cases.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "no file holds cases: a list of name, request and expect");
    }
    List<Trials.Result> results = Mixer.rehearse(plugins, (socket, rehearsals) -> {
      apply(socket, policy);
      return Trials.run(cases, rehearsals);
    });
    print(results);
    return results.stream().allMatch(Trials.Result::passed) ? 0 : 1;
  }

  private static List<Node> documents(Text text) {
    try {
      return new YamlText().parse(text.getOrigin(), text.getYaml());
    } catch (BadConfig e) {
      throw new Refused(String.valueOf(e.getMessage()));
    }
  }

  private static List<Case> cases(List<Node> documents) {
    List<Case> cases = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    for (Node document : documents) {
      if (!(document instanceof Node.Items items)) {
        throw new Refused(document.at() + ": is no list of cases; keep policy in a file of its own");
      }
      for (Node each : items.items()) {
        if (!(each instanceof Node.Mapping mapping)) {
          throw new Refused(each.at() + ": a case is a mapping of name, request and expect");
        }
        Fields fields = Fields.of(mapping);
        cases.add(Case.read(fields));
        findings.addAll(fields.close());
      }
    }
    List<Finding> errors = findings.stream().filter(each -> each.severity() == Finding.Severity.ERROR || each.code().equals("TEN0001")).toList();
    if (!errors.isEmpty()) {
      throw new Refused(String.valueOf(new BadConfig(errors).getMessage()));
    }
    return cases;
  }

  /** As {@code tenon apply} does it. */
  private static void apply(AdminSocket socket, List<Text> policy) {
    ApplyResponse answer = socket.config().apply(ApplyRequest.newBuilder().addAllTexts(policy).setNamespace("default").build());
    Findings.print(System.err, answer.getFindingsList());
    if (!answer.getAccepted()) {
      throw new Refused("the policy is refused");
    }
  }

  private void print(List<Trials.Result> results) {
    if (format != Format.table) {
      format.print(System.out, results.stream().map(Trials.Result::row).toList());
      return;
    }
    List<Map<String, Object>> rows = results.stream().map(each -> Row.of("case", each.name(), "requests", each.requests(), "result", each.passed() ? "ok" : "FAILED")).toList();
    format.print(System.out, List.of("case", "requests", "result"), rows);
    results.stream().flatMap(each -> each.failures().stream()).forEach(each -> System.out.println("\n" + each));
    long failed = results.stream().filter(each -> !each.passed()).count();
    System.err.println("tenon: " + results.size() + (results.size() == 1 ? " case, " : " cases, ") + failed + " failed");
  }
}
