package dev.tenon.pilot.scope;

import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Template.Variety;
import dev.tenon.spi.rules.PolicyRules;
import dev.tenon.spi.rules.PolicyRules.HeaderRule.Operation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a proxy that cannot judge has the policy service do before an application.
 *
 * @param cluster which of its clusters leads there
 * @param question what it asks about each request
 * @param failOpen whether requests go on while nobody answers: only if each of the rules that judge lets them
 * @param reports whether it tells of requests that are over
 * @param headers of the request that rules name, in lower case: what is sent where not all are
 * @param answerHeaders of the answer that rules name
 */
public record EnvoyPolicy(
    String cluster, Question question, boolean failOpen, boolean reports, Set<String> headers, Set<String> answerHeaders) {
  public EnvoyPolicy {
    headers = Set.copyOf(headers);
    answerHeaders = Set.copyOf(answerHeaders);
  }

  /** What is asked about a request. */
  public enum Question {
    /** Nothing. */
    NONE,
    /** Whether a limit is reached, by descriptors: policy does nothing but limit, and descriptors can carry what it reads. */
    LIMITED,
    /** Whether it may go on, by its whole head; limits are asked on the way. */
    ALLOWED
  }

  /** Of what is told with each call; gRPC takes 8 KiB of metadata. */
  private static final int LONGEST = 6 << 10;

  /** Attributes that descriptors do not carry: Envoy's {@code remote_address} may be what a caller says of itself. */
  private static final List<String> NOT_IN_DESCRIPTORS = List.of("source.", "origin.", "connection.", "request.size", "request.auth.");

  /**
   * What follows from rules.
   *
   * @param policy what is asked; {@link Question#NONE} without reports where no rule selects the called side
   * @param refusals why rules that must not be passed over cannot be carried out
   * @param notes what is passed over
   */
  record Read(EnvoyPolicy policy, List<String> refusals, List<String> notes) {}

  /**
   * Reads rules.
   *
   * @param namespaces whose they are, in their order
   * @param called what is known of the called side
   * @param cluster empty when the proxy cannot reach the service
   */
  static Read of(List<PolicyRules> policies, List<String> namespaces, Map<String, String> called, String cluster) {
    Reader reader = new Reader();
    for (PolicyRules policy : policies) {
      policy.rules().stream().filter(rule -> !Texts.never(rule.match(), called)).forEach(rule -> reader.take(policy, rule));
    }
    return reader.read(cluster, text(namespaces, called).length());
  }

  /**
   * The called side as the policy service is told of it with each call: pairs of a query, encoded with {@code ~} where a query has the
   * percent sign, since Envoy takes that for a command of its own; in order, so that it is the same text in every process.
   */
  static String text(List<String> namespaces, Map<String, String> called) {
    StringJoiner pairs = new StringJoiner("&").add("policy=" + encoded(String.join(",", namespaces)));
    new TreeMap<>(called).forEach((name, value) -> pairs.add(encoded(name) + "=" + encoded(value)));
    return pairs.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace('%', '~');
  }

  /** Goes through rules that may match. */
  private static final class Reader {
    private final Texts judging = new Texts();
    private final Texts reporting = new Texts();
    private final Set<Variety> varieties = EnumSet.noneOf(Variety.class);
    private final List<String> refusals = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private boolean heads;
    private boolean closed;

    void take(PolicyRules policy, PolicyRules.Rule rule) {
      Set<Variety> own = EnumSet.noneOf(Variety.class);
      for (PolicyRules.Action action : rule.actions()) {
        action.instances().forEach(name -> own.addAll(varieties(policy, name)));
      }
      boolean changes = !rule.requestHeaders().isEmpty() || !rule.responseHeaders().isEmpty();
      boolean judges = changes || own.contains(Variety.CHECK) || own.contains(Variety.QUOTA);
      if (rule.responseHeaders().stream().anyMatch(each -> each.operation() == Operation.REMOVE)) {
        (rule.failOpen() ? notes : refusals)
            .add("rule " + rule.meta().key() + " takes a header of answers away, which Envoy can do for no service that it asks");
      }
      varieties.addAll(own);
      heads |= changes;
      closed |= judges && !rule.failOpen();
      if (judges) {
        read(judging, policy, rule);
      }
      if (own.contains(Variety.REPORT)) {
        read(reporting, policy, rule);
      }
    }

    private static void read(Texts texts, PolicyRules policy, PolicyRules.Rule rule) {
      texts.add(rule.match());
      for (PolicyRules.Action action : rule.actions()) {
        for (String name : action.instances()) {
          named(policy, name).forEach(each -> {
            texts.add(each.params());
            each.charges().orElse(List.of()).forEach(charge -> texts.add(charge.match()));
          });
        }
      }
    }

    /** One of which nothing is known may judge. */
    private static Set<Variety> varieties(PolicyRules policy, String name) {
      Set<Variety> found = EnumSet.noneOf(Variety.class);
      named(policy, name).forEach(each -> Template.named(each.template()).ifPresent(template -> found.add(template.variety())));
      return found.isEmpty() ? EnumSet.of(Variety.CHECK) : found;
    }

    /** The instances that a name may stand for; mixer knows which. */
    private static List<PolicyRules.InstanceRule> named(PolicyRules policy, String reference) {
      return policy.instances().stream()
          .filter(each -> reference.equals(each.meta().name()) || reference.startsWith(each.meta().name() + "."))
          .toList();
    }

    Read read(String cluster, int length) {
      boolean limits = varieties.contains(Variety.QUOTA);
      boolean checks = heads || varieties.contains(Variety.CHECK);
      boolean reports = varieties.contains(Variety.REPORT);
      boolean carried =
          !varieties.contains(Variety.ATTRIBUTE_GENERATOR)
              && !judging.readWholeHeads()
              && NOT_IN_DESCRIPTORS.stream().noneMatch(judging::mention);
      Question question = checks || (limits && !carried) ? Question.ALLOWED : limits ? Question.LIMITED : Question.NONE;
      if (reports && reporting.readWholeHeads()) {
        notes.add("reports read headers that they do not name; of those Envoy tells nothing");
      }
      boolean wanted = question != Question.NONE || reports;
      Optional<String> hindrance = wanted ? hindrance(cluster, length) : Optional.empty();
      if (hindrance.isPresent()) {
        (closed ? refusals : notes).add(hindrance.get());
        return new Read(new EnvoyPolicy("", Question.NONE, true, false, Set.of(), Set.of()), refusals, notes);
      }
      Set<String> headers = new TreeSet<>(judging.headers("request"));
      headers.addAll(reporting.headers("request"));
      headers.addAll(wellKnown());
      Set<String> answerHeaders = new TreeSet<>(reporting.headers("response"));
      return new Read(new EnvoyPolicy(cluster, question, !closed, reports, headers, answerHeaders), refusals, notes);
    }

    private static Optional<String> hindrance(String cluster, int length) {
      if (cluster.isEmpty()) {
        return Optional.of(
            "it is on another machine, and its node metadata names no cluster that leads to the policy service (TENON_POLICY_CLUSTER)");
      }
      return length > LONGEST
          ? Optional.of("its labels and names are longer than " + LONGEST + " characters, more than the policy service is told with each call")
          : Optional.empty();
    }

    /** Headers that have attributes of their own. */
    private Set<String> wellKnown() {
      Set<String> names = new TreeSet<>();
      Map.of("request.useragent", "user-agent", "request.referer", "referer", "context.protocol", "content-type")
          .forEach((attribute, header) -> {
            if (judging.mention(attribute) || reporting.mention(attribute)) {
              names.add(header);
            }
          });
      return names;
    }
  }
}
