package dev.tenon.spi.policy;

import java.util.List;
import java.util.Map;

/**
 * What would become of a request, and why. Nothing was taken of any quota for it.
 *
 * @param outcome the verdict of all rules, and where it comes from
 * @param rules every rule that judges, in the order in which they are asked
 */
public record Explanation(PolicyEngine.Outcome outcome, List<Rule> rules) {
  public Explanation {
    rules = List.copyOf(rules);
  }

  /**
   * A rule.
   *
   * @param name {@code name.namespace}
   * @param matches whether its match holds
   * @param terms the parts of its match; none when it always holds
   * @param calls whom it asks; none when it does not match
   */
  public record Rule(String name, boolean matches, List<Term> terms, List<Call> calls) {
    public Rule {
      terms = List.copyOf(terms);
      calls = List.copyOf(calls);
    }
  }

  /**
   * A part of a match.
   *
   * @param expression the part
   * @param value what it came to; empty when it has none
   * @param reason why that is: what it read, or what is missing
   * @param depth how deep it stands within the match
   */
  public record Term(String expression, String value, String reason, int depth) {}

  /**
   * A handler that would be asked about an instance.
   *
   * @param handler full name
   * @param adapter empty when there is no such handler
   * @param runs where it is asked
   * @param values of the instance, by field
   * @param verdict {@code allow}, {@code deny}, {@code failed}; of a quota {@code would grant}, {@code would refuse}, {@code not known}
   * @param detail one line; may be empty
   * @param validity how long the verdict may be used again
   * @param standing of a quota
   */
  public record Call(
      String handler,
      String adapter,
      String instance,
      String runs,
      Map<String, String> values,
      String verdict,
      String detail,
      Verdict.Validity validity,
      Grant.Standing standing) {

    public Call {
      values = Map.copyOf(values);
    }
  }
}
