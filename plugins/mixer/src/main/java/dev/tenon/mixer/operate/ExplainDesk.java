package dev.tenon.mixer.operate;

import dev.tenon.mixer.decide.Engine;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.policy.Whereabouts;
import dev.tenon.spi.policy.Whereabouts.Arrival;
import dev.tenon.spi.policy.Explanation;
import dev.tenon.spi.policy.PolicyEngine.Policy;
import dev.tenon.spi.policy.Sketch;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.spi.rules.PolicyRules;
import dev.tenon.wire.admin.v1.DeniedOnce;
import dev.tenon.wire.admin.v1.DeniedRequest;
import dev.tenon.wire.admin.v1.DeniedResponse;
import dev.tenon.wire.admin.v1.ExplainRequest;
import dev.tenon.wire.admin.v1.ExplainResponse;
import dev.tenon.wire.admin.v1.ExplainedCall;
import dev.tenon.wire.admin.v1.ExplainedRule;
import dev.tenon.wire.admin.v1.ExplainedTerm;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What would become of a request here, and why; who denied one that was. */
final class ExplainDesk {
  private static final int MOST = 100;
  private static final int LONGEST = 8_192;

  private final InForce known;
  private final Engine engine;
  private volatile List<Offer<Whereabouts>> arrivals = List.of();

  ExplainDesk(InForce known, Engine engine) {
    this.known = known;
    this.engine = engine;
  }

  /** Takes note of who knows where requests arrive. */
  void present(List<Offer<Whereabouts>> offers) {
    arrivals = List.copyOf(offers);
  }

  ExplainResponse explain(ExplainRequest request) {
    Sketch sketch = sketch(request);
    Arrival arrival =
        arrivals.stream()
            .map(each -> each.service().of(sketch, request.getSource(), request.getDestination()))
            .flatMap(Optional::stream)
            // A proxy that judges knows more than the mesh does; one that does not knows less.
            .reduce((one, other) -> one.namespaces().isEmpty() ? other : one)
            .orElseThrow(() -> nowhere(request));
    List<Policy> policies = new ArrayList<>();
    ExplainResponse.Builder answer = ExplainResponse.newBuilder().setDestination(arrival.workload()).setRoute(arrival.route()).addAllNotes(arrival.notes());
    try {
      Map<String, PolicyRules> all = known.namespaces();
      for (String namespace : arrival.namespaces()) {
        PolicyRules rules = all.get(namespace);
        if (rules != null) {
          policies.add(engine.compile(Inventory.judging(rules)));
        }
      }
      Explanation explanation = new Judging(policies).explain(Sketched.of(arrival.request(), Instant.now()));
      explanation.rules().forEach(each -> answer.addRules(rule(each)));
      if (explanation.outcome().verdict() instanceof Verdict.Deny deny) {
        answer.setStatus(deny.code().httpStatus())
            .setMessage(deny.code().name() + ":" + explanation.outcome().handler() + ":" + deny.message())
            .setDeniedBy(explanation.outcome().rule());
      }
      return answer.build();
    } catch (BadConfig e) {
      throw Status.FAILED_PRECONDITION.withDescription("the policy does not compile here: " + e.getMessage()).asRuntimeException();
    } finally {
      policies.forEach(Policy::close);
    }
  }

  /** What became of a request that was denied here. */
  DeniedResponse denied(DeniedRequest request) {
    DeniedResponse.Builder answer = DeniedResponse.newBuilder();
    engine.denials().of(request.getId()).forEach(each -> answer.addDenials(
        DeniedOnce.newBuilder()
            .setAtMillis(each.at().toEpochMilli())
            .setRule(each.rule())
            .setHandler(each.handler())
            .setCode(each.code().name())
            .setStatus(each.code().httpStatus())));
    return answer.build();
  }

  private static StatusRuntimeException nowhere(ExplainRequest request) {
    return Status.NOT_FOUND
        .withDescription(
            "no workload known here would be asked: host \"" + request.getHost() + "\""
                + (request.getDestination().isEmpty() ? "" : ", workload " + request.getDestination()) + "; 'tenon services' tells which there are")
        .asRuntimeException();
  }

  private static Sketch sketch(ExplainRequest request) {
    if (request.getHeadersCount() > MOST || request.getAttributesCount() > MOST || request.getPath().length() > LONGEST) {
      throw Status.INVALID_ARGUMENT.withDescription("at most " + MOST + " headers and attributes, and a path of " + LONGEST).asRuntimeException();
    }
    Map<String, String> headers = new HashMap<>();
    request.getHeadersList().forEach(each -> {
      if (!each.getName().matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}") || each.getValue().matches("(?s).*[\\r\\n\\x00].*") || each.getValue().length() > LONGEST) {
        throw Status.INVALID_ARGUMENT.withDescription("\"" + each.getName() + "\" is no header that a request can have").asRuntimeException();
      }
      headers.merge(each.getName().toLowerCase(Locale.ROOT), each.getValue(), (one, other) -> one + "," + other);
    });
    if (!request.getMethod().matches("[A-Z]{1,32}") || !request.getPath().matches("/[\\x21-\\x7e]*") || !request.getHost().matches("[\\x21-\\x7e]{0,256}")) {
      throw Status.INVALID_ARGUMENT.withDescription("a request has a method in capitals, a path that begins with / and a host").asRuntimeException();
    }
    return new Sketch(request.getMethod(), request.getHost(), request.getPath(), headers, new HashMap<>(request.getAttributesMap()));
  }

  private static ExplainedRule rule(Explanation.Rule rule) {
    ExplainedRule.Builder told = ExplainedRule.newBuilder().setName(rule.name()).setState(rule.matches() ? "matches" : "does not match");
    rule.terms().forEach(each ->
        told.addTerms(ExplainedTerm.newBuilder().setExpression(each.expression()).setValue(each.value()).setReason(each.reason()).setDepth(each.depth())));
    rule.calls().forEach(each -> told.addCalls(
        ExplainedCall.newBuilder()
            .setHandler(each.handler())
            .setAdapter(each.adapter())
            .setInstance(each.instance())
            .setRuns(each.runs())
            .putAllValues(each.values())
            .setVerdict(each.verdict())
            .setDetail(each.detail())
            .setValidNanos(QuotaDesk.nanos(each.validity().time()))
            .setUses(each.validity().uses())
            .setLimit(each.standing().limit())
            .setRemaining(each.standing().remaining())
            .setResetNanos(QuotaDesk.nanos(each.standing().reset()))));
    return told.build();
  }
}
