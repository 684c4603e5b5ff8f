package dev.tenon.mixer.accept;

import dev.tenon.mixer.evaluate.Compiled;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.rules.PolicyRules.HeaderRule.Operation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The policy of a configuration namespace, names resolved and expressions compiled.
 *
 * @param rules in the order given
 * @param producers the names of instances that make attributes, each after those that make what it reads
 * @param warnings what its operator should know
 */
public record Accepted(List<Rule> rules, List<String> producers, List<Finding> warnings) {
  public Accepted {
    rules = List.copyOf(rules);
    producers = List.copyOf(producers);
    warnings = List.copyOf(warnings);
  }

  /**
   * A rule.
   *
   * @param name {@code name.namespace}
   * @param match empty when it always holds
   * @param failOpen what holds when a call fails
   * @param allowsExceeded whether a request goes on for which nothing is left of a quota
   * @param calls what is asked when it matches, in the order written
   * @param headers what it changes in heads
   */
  public record Rule(
      String name,
      Optional<Compiled> match,
      boolean failOpen,
      boolean allowsExceeded,
      List<Call> calls,
      Headers headers) {
    public Rule {
      calls = List.copyOf(calls);
    }
  }

  /** Changes of a request that may go on, and of the answer to it. */
  public record Headers(List<Header> request, List<Header> response) {
    /** No changes. */
    public static final Headers NONE = new Headers(List.of(), List.of());

    public Headers {
      request = List.copyOf(request);
      response = List.copyOf(response);
    }

    /** Whether there is none. */
    public boolean isEmpty() {
      return request.isEmpty() && response.isEmpty();
    }
  }

  /**
   * A change of a header.
   *
   * @param values each is put in, one after the other
   */
  public record Header(Operation operation, String name, List<Compiled> values) {
    public Header {
      values = List.copyOf(values);
    }
  }

  /**
   * One instance, judged by one handler.
   *
   * @param handlerName its {@link Handler#name}, or as written when nothing has that name
   * @param handler empty when nothing has that name
   * @param instanceName as {@code handlerName}
   * @param instance empty when nothing has that name
   */
  public record Call(
      String handlerName, Optional<Handler> handler, String instanceName, Optional<Instance> instance) {}

  /**
   * A configured adapter. Equal ones are one handler, kept from one compilation to the next.
   *
   * @param name {@code name.namespace}, of an old kind {@code name.kind.namespace}
   * @param adapter the name of its factory
   */
  public record Handler(String name, String adapter, Node.Mapping params) {}

  /**
   * What is judged.
   *
   * @param name {@code name.instance.namespace}, of an old kind {@code name.kind.namespace}
   * @param fields what the template's fields are evaluated from
   * @param bindings attributes that it makes, and what of
   * @param charges of a quota: what a request is charged; empty when that is one
   */
  public record Instance(
      String name,
      Template template,
      Map<String, Field> fields,
      Map<String, Compiled> bindings,
      Optional<List<Charged>> charges) {
    public Instance {
      fields = Map.copyOf(fields);
      bindings = Map.copyOf(bindings);
      charges = charges.map(List::copyOf);
    }
  }

  /**
   * An amount that some requests are charged.
   *
   * @param match empty when all are
   */
  public record Charged(long amount, Optional<Compiled> match) {}

  /** What a field's value is made of. */
  public sealed interface Field {
    /** One value. */
    record One(Compiled expression) implements Field {}

    /** A map of values. */
    record Many(Map<String, Compiled> expressions) implements Field {
      public Many {
        expressions = Map.copyOf(expressions);
      }
    }

    /** Fields of its own. */
    record Nested(Map<String, Field> fields) implements Field {
      public Nested {
        fields = Map.copyOf(fields);
      }
    }
  }
}
