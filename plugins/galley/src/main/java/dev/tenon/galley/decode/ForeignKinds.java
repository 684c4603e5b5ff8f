package dev.tenon.galley.decode;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is said of kinds that this build does not carry out, so that nobody wonders. */
final class ForeignKinds {
  private static final Map<String, String> ISTIO =
      Map.of(
          "EnvoyFilter", "it patches Envoy's own configuration; use a VirtualService for routes, a rule with a policy adapter for requests",
          "WasmPlugin", "it runs inside Envoy; write a request filter as a jar, drop it into plugins/, and place it with kind: RequestFilter of extensions.tenon.dev/v1alpha1",
          "TrafficExtension", "it runs inside Envoy; write a request filter as a jar, drop it into plugins/, and place it with kind: RequestFilter of extensions.tenon.dev/v1alpha1",
          "AuthorizationPolicy", "use handler, instance and rule to deny requests",
          "PeerAuthentication", "this build issues no workload identities",
          "RequestAuthentication", "this build checks no tokens",
          "Sidecar", "every sidecar sees all that is exported to its namespace; use exportTo",
          "ProxyConfig", "use the process's own configuration, --config and --set",
          "Telemetry", "metrics and access logs are on; use the process's own configuration");

  private static final Map<String, String> MIXER =
      Map.of(
          "HTTPAPISpec", "API attributes are not made; remove it",
          "HTTPAPISpecBinding", "API attributes are not made; remove it",
          "adapter", "adapters are jars in plugins/, or processes that a handler of compiledAdapter remote names; remove it",
          "template", "the templates are those of Mixer, each known by its name; remove it");

  private ForeignKinds() {}

  /** Why an object of a kind that is not of {@link Kind} is refused, and what to do. */
  static String refusal(String apiVersion, String kindName) {
    int slash = apiVersion.indexOf('/');
    String group = slash < 0 ? "" : apiVersion.substring(0, slash);
    Optional<Kind> meant = Kind.named(kindName).filter(kind -> kind.group().equals(group));
    if (meant.isPresent()) {
      return "unknown kind " + kindName + "; it is written " + meant.get().kindName();
    }
    if (group.endsWith(".istio.io") && ISTIO.containsKey(kindName)) {
      return "kind " + kindName + " is not carried out by this build: " + ISTIO.get(kindName);
    }
    if (group.equals("config.istio.io")) {
      return mixer(kindName);
    }
    if (group.equals("gateway.networking.k8s.io")) {
      return "kind " + kindName + " of the Kubernetes Gateway API is not carried out by this build: use Gateway and VirtualService of networking.istio.io/v1";
    }
    if (isKubernetes(group)) {
      return "kind " + kindName + " is an object of Kubernetes, and this mesh does not run on it: workloads register by themselves; remove it from the file";
    }
    return "unknown kind " + kindName + " of " + apiVersion + "; known: " + Kind.known();
  }

  private static String mixer(String kindName) {
    String reason = MIXER.get(kindName);
    return reason == null
        ? "unknown kind " + kindName + " of config.istio.io; known: " + Kind.known()
        : "kind " + kindName + " is not carried out by this build: " + reason;
  }

  private static boolean isKubernetes(String group) {
    return group.isEmpty()
        || group.endsWith(".k8s.io")
        || Set.of("apps", "batch", "autoscaling", "policy", "extensions").contains(group);
  }
}
