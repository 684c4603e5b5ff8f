package dev.tenon.cli.policy;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Row;
import dev.tenon.cli.client.Target;
import dev.tenon.spi.policy.Explanation;
import dev.tenon.spi.policy.Grant.Standing;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.wire.admin.v1.ExplainHeader;
import dev.tenon.wire.admin.v1.ExplainRequest;
import dev.tenon.wire.admin.v1.ExplainResponse;
import dev.tenon.wire.admin.v1.ExplainedCall;
import dev.tenon.wire.admin.v1.ExplainedRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tenon explain request}: what policy would make of a request, or who denied one. */
@Command(
    name = "request",
    description = {
      "Tells what would become of a request: where it would be judged, which rules match or do not and why, whom they ask and what those say.",
      "Checks are asked as they are for a request, an OPA server too; no quota is taken. A control plane knows every workload, a sidecar"
          + " its own and the route that it would take.",
      "With the id of a request, as the access log has it: which rule and handler denied it. A sidecar knows its last 1,024 denied requests, a control"
          + " plane those that it judged for real Envoys."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:it may go on", "1:it would be denied, or could not be explained", "2:the call itself was wrong"})
final class ExplainRequestCommand implements Callable<Integer> {
  /** As proxies make it for {@code x-request-id}. */
  private static final Pattern REQUEST_ID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  @Parameters(index = "0", paramLabel = "[METHOD] URL | ID", arity = "1..2", description = "For example GET http://reviews.default/reviews/1?all=1, or only a host; or the id of a request.")
  private List<String> words = List.of();

  @Option(names = {"-H", "--header"}, paramLabel = "NAME:VALUE", description = "A header; may be repeated.")
  private List<String> headers = List.of();

  @Option(names = "--source", paramLabel = "IP|NAMESPACE/NAME", defaultValue = "", description = "The caller's workload or address.")
  private String source = "";

  @Option(names = "--destination", paramLabel = "NAMESPACE/NAME", defaultValue = "", description = "The called workload, where the host has several.")
  private String destination = "";

  @Option(names = "--attribute", paramLabel = "NAME=TEXT", description = "An attribute that it has besides; may be repeated.")
  private Map<String, String> attributes = Map.of();

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    if (REQUEST_ID.matcher(words.getLast()).matches()) {
      try (AdminSocket socket = target.connect()) {
        return new PastRequest(words.getLast(), format).tell(socket);
      }
    }
    ExplainRequest request = request();
    try (AdminSocket socket = target.connect()) {
      ExplainResponse answer = socket.policy().explain(request);
      if (format == Format.table) {
        print(answer);
      } else {
        format.print(System.out, whole(answer));
      }
      return answer.getStatus() == 0 ? 0 : 1;
    }
  }

  private ExplainRequest request() {
    String url = words.getLast().replaceFirst("^[a-z]+://", "");
    int slash = url.indexOf('/');
    ExplainRequest.Builder request =
        ExplainRequest.newBuilder()
            .setMethod(words.size() == 2 ? words.getFirst() : "GET")
            .setHost(slash < 0 ? url : url.substring(0, slash))
            .setPath(slash < 0 ? "/" : url.substring(slash))
            .setSource(source)
            .setDestination(destination)
            .putAllAttributes(attributes);
    for (String each : headers) {
      int colon = each.indexOf(':');
      if (colon < 1) {
        throw new ParameterException(spec.commandLine(), "\"" + each + "\" is no header; write NAME:VALUE");
      }
      request.addHeaders(ExplainHeader.newBuilder().setName(each.substring(0, colon).strip()).setValue(each.substring(colon + 1).strip()));
    }
    return request.build();
  }

  private static void print(ExplainResponse answer) {
    System.out.println("judged  " + answer.getDestination());
    System.out.println("route   " + answer.getRoute());
    System.out.println("verdict " + (answer.getStatus() == 0 ? "allow" : answer.getStatus() + " by " + answer.getDeniedBy() + ": " + answer.getMessage()));
    System.out.println();
    System.out.println(Explained.text(explanation(answer), ""));
    answer.getNotesList().forEach(each -> System.err.println("tenon: " + each));
  }

  private static Explanation explanation(ExplainResponse answer) {
    return new Explanation(Outcome.ALLOWED, answer.getRulesList().stream().map(ExplainRequestCommand::rule).toList());
  }

  private static Explanation.Rule rule(ExplainedRule rule) {
    return new Explanation.Rule(
        rule.getName(),
        rule.getState().equals("matches"),
        rule.getTermsList().stream().map(each -> new Explanation.Term(each.getExpression(), each.getValue(), each.getReason(), each.getDepth())).toList(),
        rule.getCallsList().stream().map(ExplainRequestCommand::call).toList());
  }

  private static Explanation.Call call(ExplainedCall call) {
    return new Explanation.Call(
        call.getHandler(), call.getAdapter(), call.getInstance(), call.getRuns(), call.getValuesMap(), call.getVerdict(), call.getDetail(),
        new Verdict.Validity(Duration.ofNanos(call.getValidNanos()), call.getUses()),
        new Standing(call.getLimit(), call.getRemaining(), Duration.ofNanos(call.getResetNanos())));
  }

  private static Map<String, Object> whole(ExplainResponse answer) {
    return Row.of(
        "judged", answer.getDestination(),
        "route", answer.getRoute(),
        "allowed", answer.getStatus() == 0,
        "status", answer.getStatus(),
        "deniedBy", answer.getDeniedBy(),
        "message", answer.getMessage(),
        "rules", answer.getRulesList().stream().map(ExplainRequestCommand::whole).toList(),
        "notes", List.copyOf(answer.getNotesList()));
  }

  private static Map<String, Object> whole(ExplainedRule rule) {
    return Row.of(
        "name", rule.getName(),
        "state", rule.getState(),
        "terms", rule.getTermsList().stream().map(each ->
            Row.of("expression", each.getExpression(), "value", each.getValue(), "reason", each.getReason(), "depth", each.getDepth())).toList(),
        "calls", rule.getCallsList().stream().map(ExplainRequestCommand::whole).toList());
  }

  private static Map<String, Object> whole(ExplainedCall call) {
    return Row.of(
        "handler", call.getHandler(),
        "adapter", call.getAdapter(),
        "instance", call.getInstance(),
        "runs", call.getRuns(),
        "values", new TreeMap<>(call.getValuesMap()),
        "verdict", call.getVerdict(),
        "detail", call.getDetail(),
        "validMillis", call.getValidNanos() / 1_000_000,
        "uses", call.getUses(),
        "limit", call.getLimit(),
        "remaining", call.getRemaining(),
        "resetMillis", call.getResetNanos() / 1_000_000);
  }
}
