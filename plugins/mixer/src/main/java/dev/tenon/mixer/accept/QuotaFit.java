package dev.tenon.mixer.accept;

import dev.tenon.spi.config.ConfigObject;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A handler's quotas beside an instance that a rule gives it. Mixer's form, which quota adapters share: a list {@code quotas} of {@code
 * name}, {@code maxAmount}, and {@code overrides} by {@code dimensions}. Of parameters of another form nothing is said.
 */
final class QuotaFit {
  private final ConfigObject instance;
  private final Set<String> dimensions;
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private boolean found;

  private QuotaFit(ConfigObject instance) {
    this.instance = instance;
    this.dimensions = mapping(mapping(instance.spec(), "params"), "dimensions").entries().keySet();
  }

  /**
   * What does not fit.
   *
   * @param missing that the handler has no quota for the instance; empty when it has one, or is of another form
   * @param findings of the handler: what can never match
   */
  record Fit(Optional<String> missing, List<Finding> findings) {}

  static Fit of(ConfigObject handler, ConfigObject instance) {
    QuotaFit fit = new QuotaFit(instance);
    List<Node> quotas = items(mapping(handler.spec(), "params"), "quotas");
    for (int i = 0; i < quotas.size(); i++) {
      if (quotas.get(i) instanceof Node.Mapping quota && quota.entries().containsKey("maxAmount")
          && quota.entries().get("name") instanceof Node.Text name) {
        fit.quota(quota, name.value(), "spec.params.quotas[" + i + "]");
      }
    }
    return new Fit(fit.missing(handler), fit.findings);
  }

  private Optional<String> missing(ConfigObject handler) {
    return found || names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "the handler " + handler.name() + " has no quota named " + instance.name() + ", only " + String.join(", ", names)
                + "; add one of that name to its quotas");
  }

  private void quota(Node.Mapping quota, String name, String path) {
    names.add(name);
    if (!means(name)) {
      return;
    }
    found = true;
    List<Node> overrides = items(quota, "overrides");
    for (int j = 0; j < overrides.size(); j++) {
      if (overrides.get(j) instanceof Node.Mapping override) {
        String where = path + ".overrides[" + j + "].dimensions.";
        mapping(override, "dimensions").entries().forEach((each, value) -> known(each, value, where + each, "this override"));
      }
    }
    if (mapping(quota, "plans").entries().get("dimension") instanceof Node.Text dimension) {
      known(dimension.value(), dimension, path + ".plans.dimension", "a plan");
    }
  }

  private void known(String dimension, Node at, String path, String what) {
    if (!dimensions.contains(dimension)) {
      findings.add(
          new Finding(
              Finding.Severity.ERROR, Codes.DIMENSION, at.at(), path,
              what + " never matches: the instance " + instance.name() + " has no dimension " + dimension
                  + (dimensions.isEmpty() ? "" : ", only " + String.join(", ", dimensions)) + "; add it there, or correct the name"));
    }
  }

  /** Whether a quota's name means the instance: {@code name}, {@code name.namespace} or {@code name.instance.namespace}. */
  private boolean means(String name) {
    String[] parts = name.split("\\.", -1);
    return parts[0].equals(instance.name().split("\\.", -1)[0]) && (parts.length == 1 || parts[parts.length - 1].equals(instance.namespace()));
  }

  private static Node.Mapping mapping(Node.Mapping of, String field) {
    return of.entries().get(field) instanceof Node.Mapping mapping ? mapping : Node.Mapping.empty(of.at());
  }

  private static List<Node> items(Node.Mapping of, String field) {
    return of.entries().get(field) instanceof Node.Items list ? list.items() : List.of();
  }
}
