package dev.tenon.spi.rules;

import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

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

  /** The kind of a handler that is not of one of Mixer's old kinds. */
  public static final String HANDLER = "handler";

  /** The kind of an instance that is not of one of Mixer's old kinds. */
  public static final String INSTANCE = "instance";

  /**
   * A configured adapter.
   *
   * @param kind {@link #HANDLER}, or the old kind that it was written as; names are unique within a kind
   */
  public record Handler(Meta meta, String kind, String adapter, Node.Mapping params) {
    /** Of the kind {@link #HANDLER}. */
    public Handler(Meta meta, String adapter, Node.Mapping params) {
      this(meta, HANDLER, adapter, params);
    }
  }

  /**
   * Which values a template's fields take; leaves of {@code params} are expressions.
   *
   * @param kind {@link #INSTANCE}, or the old kind that it was written as; names are unique within a kind
   * @param bindings for a template that makes attributes: which of its outputs each attribute takes, an
   *     expression as in {@code source.name: $out.source_pod_name}
   * @param charges of a quota: when it is charged, and how much, if {@code QuotaSpec}s say so; empty when
   *     none does, and each request that a rule matches is charged one
   */
  public record InstanceRule(
      Meta meta,
      String kind,
      String template,
      Node.Mapping params,
      Node.Mapping bindings,
      Optional<List<QuotaCharge>> charges) {
    public InstanceRule {
      charges = charges.map(List::copyOf);
    }

    /** Of the kind {@link #INSTANCE}, without bindings and charges. */
    public InstanceRule(Meta meta, String template, Node.Mapping params) {
      this(meta, INSTANCE, template, params, Node.Mapping.empty(meta.at()), Optional.empty());
    }

    /** The same with charges. */
    public InstanceRule charged(List<QuotaCharge> by) {
      return new InstanceRule(meta, kind, template, params, bindings, Optional.of(by));
    }
  }

  /**
   * What a {@code QuotaSpec} charges where it is bound.
   *
   * @param spec who says so
   * @param amount at least 1
   * @param match a CEXL expression: which requests; empty for all
   */
  public record QuotaCharge(Meta spec, long amount, String match) {}

  /**
   * When, and what then.
   *
   * @param match a CEXL expression; empty matches everything
   * @param failOpen what holds while an adapter is absent or fails: the annotation {@code
   *     policy.tenon.dev/on-failure}; closed unless it says {@code open}
   * @param allowsExceeded whether a request goes on for which nothing is left of a quota: it is counted, and
   *     told of
   * @param requestHeaders what a request that may go on is changed to
   * @param responseHeaders what the answer to it is changed to
   */
  public record Rule(
      Meta meta,
      String match,
      Position matchAt,
      List<Action> actions,
      boolean failOpen,
      boolean allowsExceeded,
      List<HeaderRule> requestHeaders,
      List<HeaderRule> responseHeaders) {
    public Rule {
      actions = List.copyOf(actions);
      requestHeaders = List.copyOf(requestHeaders);
      responseHeaders = List.copyOf(responseHeaders);
    }

    /** One that changes no headers. */
    public Rule(Meta meta, String match, Position matchAt, List<Action> actions, boolean failOpen) {
      this(meta, match, matchAt, actions, failOpen, false, List.of(), List.of());
    }

    /** Like {@link Meta}: where the expression was written takes no part. */
    @Override
    public boolean equals(Object other) {
      return other instanceof Rule rule
          && rule.meta.equals(meta)
          && rule.match.equals(match)
          && rule.actions.equals(actions)
          && rule.failOpen == failOpen
          && rule.allowsExceeded == allowsExceeded
          && rule.requestHeaders.equals(requestHeaders)
          && rule.responseHeaders.equals(responseHeaders);
    }

    @Override
    public int hashCode() {
      return Objects.hash(meta, match, actions, failOpen, allowsExceeded, requestHeaders, responseHeaders);
    }
  }

  /**
   * A change of a header.
   *
   * @param name lower-case
   * @param values CEXL expressions of text; one that a request gives no value is passed over
   */
  public record HeaderRule(Operation operation, String name, List<String> values) {
    public HeaderRule {
      values = List.copyOf(values);
    }

    /** What is done, in Mixer's words. */
    public enum Operation {
      /** Whatever was there goes. */
      REPLACE,
      /** All of that name go. */
      REMOVE,
      /** Beside whatever is there. */
      APPEND
    }
  }

  /** One handler, given some instances; names as written, resolved in the rule's namespace. */
  public record Action(String handler, List<String> instances) {
    public Action {
      instances = List.copyOf(instances);
    }
  }
}
