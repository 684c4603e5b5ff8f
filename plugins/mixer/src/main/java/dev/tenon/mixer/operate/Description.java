package dev.tenon.mixer.operate;

import dev.tenon.mixer.accept.Accepted;
import dev.tenon.mixer.accept.Acceptor;
import dev.tenon.mixer.dispatch.Adapters;
import dev.tenon.mixer.dispatch.Inspection;
import dev.tenon.mixer.dispatch.Tally;
import dev.tenon.mixer.evaluate.Partly;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.rules.PolicyRules;
import dev.tenon.wire.admin.v1.DescribePolicyRequest;
import dev.tenon.wire.admin.v1.DescribePolicyResponse;
import dev.tenon.wire.admin.v1.PolicyAction;
import dev.tenon.wire.admin.v1.PolicyHandler;
import dev.tenon.wire.admin.v1.PolicyInstance;
import dev.tenon.wire.admin.v1.PolicyPlace;
import dev.tenon.wire.admin.v1.PolicyRule;
import dev.tenon.wire.admin.v1.PolicyService;
import io.grpc.Status;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** Says what policy there is. */
final class Description {
  private static final String ROOT = "istio-system";
  private static final int MOST_SERVICES = 10_000;
  private static final int MOST_FINDINGS = 1_000;

  private final InForce known;
  private final Adapters adapters;

  Description(InForce known, Adapters adapters) {
    this.known = known;
    this.adapters = adapters;
  }

  DescribePolicyResponse of(DescribePolicyRequest request) {
    if (request.getServicesCount() > MOST_SERVICES) {
      throw Status.INVALID_ARGUMENT.withDescription("more than " + MOST_SERVICES + " services").asRuntimeException();
    }
    DescribePolicyResponse.Builder answer = DescribePolicyResponse.newBuilder().setWhole(known.isWhole());
    for (Inventory each : Inventory.of(known)) {
      if (request.getNamespace().isEmpty() || request.getNamespace().equals(each.rules().namespace())) {
        describe(each, request.getServicesList(), answer);
      }
    }
    return answer.build();
  }

  private void describe(Inventory inventory, List<PolicyService> services, DescribePolicyResponse.Builder answer) {
    Map<String, Accepted.Rule> accepted = inventory.byName();
    for (PolicyRules.Rule rule : inventory.rules().rules()) {
      Accepted.Rule compiled = accepted.get(rule.meta().name() + "." + rule.meta().namespace());
      answer.addRules(compiled == null ? bare(rule) : rule(rule, compiled, services));
    }
    Map<String, Set<String>> ofHandlers = inventory.users(true);
    inventory.rules().handlers().forEach(each -> answer.addHandlers(handler(each, ofHandlers)));
    Map<String, Set<String>> ofInstances = inventory.users(false);
    inventory.rules().instances().forEach(each -> answer.addInstances(instance(each, ofInstances)));
    inventory.findings().stream().limit(Math.max(0, MOST_FINDINGS - answer.getFindingsCount())).forEach(each -> answer.addFindings(finding(each)));
  }

  private static PolicyRule bare(PolicyRules.Rule rule) {
    return PolicyRule.newBuilder()
        .setName(rule.meta().name() + "." + rule.meta().namespace())
        .setNamespace(rule.meta().namespace())
        .setAt(place(rule.meta().at()))
        .setMatch(rule.match())
        .setOnFailure(rule.failOpen() ? "open" : "closed")
        .setEverywhere(rule.meta().namespace().equals(ROOT))
        .build();
  }

  private static PolicyRule rule(PolicyRules.Rule rule, Accepted.Rule compiled, List<PolicyService> services) {
    PolicyRule.Builder told = bare(rule).toBuilder();
    boolean charges = false;
    for (Accepted.Call call : compiled.calls()) {
      String template = call.instance().map(each -> each.template().wireName()).orElse("");
      charges |= template.equals(Template.QUOTA.wireName());
      told.addActions(PolicyAction.newBuilder().setHandler(call.handlerName()).setInstance(call.instanceName()).setTemplate(template));
    }
    rule.requestHeaders().forEach(each -> told.addRequestHeaders(header(each)));
    rule.responseHeaders().forEach(each -> told.addResponseHeaders(header(each)));
    services.stream().filter(each -> mayHold(rule, compiled, each)).forEach(each -> told.addServices(each.getHost()));
    return told.setOnExceed(charges ? rule.allowsExceeded() ? "allow" : "deny" : "").build();
  }

  private static String header(PolicyRules.HeaderRule header) {
    return header.operation() + " " + header.name() + (header.values().isEmpty() ? "" : ": " + String.join(", ", header.values()));
  }

  private static boolean mayHold(PolicyRules.Rule rule, Accepted.Rule compiled, PolicyService service) {
    if (!rule.meta().namespace().equals(ROOT) && !rule.meta().namespace().equals(service.getNamespace())) {
      return false;
    }
    ServiceAttributes attributes = new ServiceAttributes(service.getHost(), service.getNamespace());
    return compiled.match().map(match -> new Partly(ServiceAttributes.KNOWN, attributes).mayHold(match)).orElse(true);
  }

  private PolicyHandler handler(PolicyRules.Handler handler, Map<String, Set<String>> users) {
    String name = Acceptor.handler(handler).name();
    PolicyHandler.Builder told =
        PolicyHandler.newBuilder()
            .setName(name)
            .setNamespace(handler.meta().namespace())
            .setAt(place(handler.meta().at()))
            .setAdapter(handler.adapter())
            .addAllRules(users.getOrDefault(name, Set.of()));
    adapters.inUse().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .map(each -> each.inspection().condition())
        .ifPresentOrElse(condition -> inUse(told, condition), () -> elsewhere(told, handler.adapter()));
    return told.build();
  }

  private static void inUse(PolicyHandler.Builder told, Inspection.Condition condition) {
    Tally.Sum counted = condition.counted();
    told.setModule(condition.module())
        .setState(state(condition))
        .setReason(condition.reason().isEmpty() ? condition.concern() : condition.reason())
        .setRuns(condition.runs().text())
        .setAllowed(counted.allowed())
        .setDenied(counted.denied())
        .setFailed(counted.failed())
        .setCached(counted.hits())
        .setReported(counted.reported())
        .setLost(counted.lost())
        .setCalls(counted.calls())
        .setSeconds(counted.seconds());
  }

  private static String state(Inspection.Condition condition) {
    if (!condition.reason().isEmpty()) {
      return condition.module().isEmpty() ? "absent" : "refused";
    }
    return condition.concern().isEmpty() ? "ready" : "troubled";
  }

  /** One that this process does not ask: it is built in proxies. */
  private void elsewhere(PolicyHandler.Builder told, String adapter) {
    adapters.planned(adapter).ifPresentOrElse(
        condition -> told.setModule(condition.module()).setState("unused").setRuns(condition.runs().text()),
        () -> told.setState("absent").setReason("no adapter " + adapter + " is installed here"));
  }

  private static PolicyInstance instance(PolicyRules.InstanceRule instance, Map<String, Set<String>> users) {
    String name = instance.meta().name() + "." + instance.kind() + "." + instance.meta().namespace();
    PolicyInstance.Builder told =
        PolicyInstance.newBuilder()
            .setName(name)
            .setNamespace(instance.meta().namespace())
            .setAt(place(instance.meta().at()))
            .setTemplate(instance.template())
            .addAllRules(users.getOrDefault(name, Set.of()));
    leaves("", instance.params(), told::putFields);
    leaves("", instance.bindings(), told::putFields);
    instance.charges().ifPresent(all -> all.forEach(each -> told.addCharges(each.amount() + (each.match().isEmpty() ? "" : " where " + each.match()))));
    return told.build();
  }

  private static void leaves(String path, Node node, BiConsumer<String, String> told) {
    switch (node) {
      case Node.Mapping mapping -> mapping.entries().forEach((name, each) -> leaves(path.isEmpty() ? name : path + "." + name, each, told));
      case Node.Text text -> told.accept(path, text.value());
      case Node.Numeric number -> told.accept(path, number.value() == Math.rint(number.value()) ? Long.toString((long) number.value()) : Double.toString(number.value()));
      case Node.Truth truth -> told.accept(path, Boolean.toString(truth.value()));
      default -> {}
    }
  }

  private static dev.tenon.wire.admin.v1.Finding finding(Finding finding) {
    return dev.tenon.wire.admin.v1.Finding.newBuilder()
        .setSeverity(finding.severity().name().toLowerCase(Locale.ROOT))
        .setCode(finding.code())
        .setOrigin(finding.at().origin())
        .setLine(finding.at().line())
        .setColumn(finding.at().column())
        .setField(finding.field())
        .setMessage(finding.message())
        .build();
  }

  private static PolicyPlace place(Position at) {
    return PolicyPlace.newBuilder().setOrigin(at.origin()).setLine(at.line()).setColumn(at.column()).build();
  }
}
