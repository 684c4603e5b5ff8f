package dev.tenon.proxy.serve;

import dev.tenon.proxy.compile.PolicySpec;
import dev.tenon.proxy.http.Head;
import dev.tenon.proxy.request.Ending;
import dev.tenon.proxy.request.RequestAttributes;
import dev.tenon.proxy.request.Snapshot;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.PolicyEngine;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells policy of requests that are over, where a rule wants to know. Makes garbage only then. */
final class Reporting {
  private Reporting() {}

  /** Whether policy wants to know what becomes of a request. */
  static boolean wanted(Exchange x, @Nullable PolicySpec spec) {
    if (spec == null) {
      return false;
    }
    Map<String, PolicyEngine.Policy> policies = x.generation().policies();
    for (int i = 0; i < spec.namespaces().size(); i++) {
      PolicyEngine.Policy policy = policies.get(spec.namespaces().get(i));
      if (policy != null && !policy.reported().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Tells those that want to know. A message that could not be read is not told. */
  static void tell(Exchange x, PolicySpec spec, long took) {
    Head head = x.call().head();
    if (head.methodEnd() <= head.start()) {
      return;
    }
    Outcome end = x.outcome();
    Ending ending =
        new Ending(
            Instant.now().minusNanos(took), took, end.status(), end.flags(), end.received(), end.sent(), end.answerHead(),
            end.answerHeaders(), end.checkCode(), end.checkMessage());
    Attributes request =
        new RequestAttributes(x.call(), spec.attributes(), x.generation().table().workloads(), ending);
    Map<String, PolicyEngine.Policy> policies = x.generation().policies();
    Set<String> names = new HashSet<>();
    for (String namespace : spec.namespaces()) {
      PolicyEngine.Policy policy = policies.get(namespace);
      if (policy != null) {
        request = policy.generate(request);
        names.addAll(policy.reported());
      }
    }
    Snapshot finished = Snapshot.of(request, names);
    for (String namespace : spec.namespaces()) {
      PolicyEngine.Policy policy = policies.get(namespace);
      if (policy != null) {
        policy.report(finished);
      }
    }
  }
}
