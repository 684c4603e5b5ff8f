package dev.tenon.spi.rules;

import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import java.util.List;
import java.util.Objects;

/**
 * The policy of one configuration namespace, in Mixer's terms: which rules match, and which handler
 * judges which instances. Expressions are text here; mixer compiles them.
 *
 * @param namespace the configuration namespace
 */
public record PolicyRules(
    String namespace, List<Handler> handlers, List<InstanceRule> instances, List<Rule> rules) {
  public PolicyRules {
    handlers = List.copyOf(handlers);
    instances = List.copyOf(instances);
    rules = List.copyOf(rules);
  }

  /** A configured adapter. */
  public record Handler(Meta meta, String adapter, Node.Mapping params) {}

  /** Which values a template's fields take; leaves of {@code params} are expressions. */
  public record InstanceRule(Meta meta, String template, Node.Mapping params) {}

  /**
   * When, and what then.
   *
   * @param match a CEXL expression; empty matches everything
   * @param failOpen what holds while an adapter is absent or fails: the annotation {@code
   *     policy.tenon.dev/on-failure}; closed unless it says {@code open}
   */
  public record Rule(Meta meta, String match, Position matchAt, List<Action> actions, boolean failOpen) {
    public Rule {
      actions = List.copyOf(actions);
    }

    /** Like {@link Meta}: where the expression was written takes no part. */
    @Override
    public boolean equals(Object other) {
      return other instanceof Rule rule
          && rule.meta.equals(meta)
          && rule.match.equals(match)
          && rule.actions.equals(actions)
          && rule.failOpen == failOpen;
    }

    @Override
    public int hashCode() {
      return Objects.hash(meta, match, actions, failOpen);
    }
  }

  /** One handler, given some instances; names as written, resolved in the rule's namespace. */
  public record Action(String handler, List<String> instances) {
    public Action {
      instances = List.copyOf(instances);
    }
  }
}
