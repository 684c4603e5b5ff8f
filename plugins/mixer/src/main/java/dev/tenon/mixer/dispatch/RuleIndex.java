package dev.tenon.mixer.dispatch;

import dev.tenon.mixer.accept.Accepted;
import dev.tenon.mixer.check.Typed;
import dev.tenon.mixer.check.ValueType;
import dev.tenon.mixer.evaluate.Compiled;
import dev.tenon.mixer.parse.Operator;
import dev.tenon.spi.policy.Attributes;
import java.util.Arrays;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which rules may match. Rules that compare one thing with different constants, {@code
 * destination.labels["app"] == "ratings" && …}, are found by evaluating that thing once. Such a
 * comparison that is not true keeps its rule from matching, whatever else the rule says.
 */
public final class RuleIndex {
  private final long[] always;
  private final boolean alwaysNone;
  private final Group[] groups;

  private RuleIndex(long[] always, Group[] groups) {
    this.always = always;
    this.alwaysNone = Arrays.stream(always).allMatch(each -> each == 0);
    this.groups = groups;
  }

  /** One thing, and the rules that want a value of it; a rule is a bit. */
  private record Group(Compiled compared, Map<Object, long[]> byValue) {}

  /** A comparison that a rule cannot do without. */
  private record Condition(Typed compared, Object value) {}

  /** Indexes rules; their numbers are their places in the list. */
  public static RuleIndex of(List<Accepted.Rule> rules) {
    List<List<Condition>> conditions = rules.stream().map(RuleIndex::conditions).toList();
    Map<Typed, Integer> uses = new HashMap<>();
    conditions.forEach(each -> each.forEach(one -> uses.merge(one.compared, 1, Integer::sum)));
    int words = (rules.size() + 63) / 64;
    long[] always = new long[words];
    Map<Typed, Map<Object, long[]>> groups = new HashMap<>();
    for (int i = 0; i < rules.size(); i++) {
      long[] bits = always;
      int most = 0;
      for (Condition each : conditions.get(i)) {
        int shared = uses.getOrDefault(each.compared, 0);
        if (shared > most) {
          most = shared;
          bits =
              groups
                  .computeIfAbsent(each.compared, compared -> new HashMap<>())
                  .computeIfAbsent(each.value, value -> new long[words]);
        }
      }
      bits[i / 64] |= 1L << i;
    }
    return new RuleIndex(
        always,
        groups.entrySet().stream()
            .map(each -> new Group(Compiled.of(each.getKey()), Map.copyOf(each.getValue())))
            .toArray(Group[]::new));
  }

  private static List<Condition> conditions(Accepted.Rule rule) {
    List<Condition> conditions = new ArrayList<>();
    rule.match().ifPresent(match -> collect(match.expression(), conditions));
    return conditions;
  }

  private static void collect(Typed expression, List<Condition> conditions) {
    if (!(expression instanceof Typed.Operation operation)) {
      return;
    }
    if (operation.operator() == Operator.AND) {
      operation.operands().forEach(each -> collect(each, conditions));
    }
    ValueType type = operation.operandType();
    if (operation.operator() == Operator.EQUAL
        && (type == ValueType.STRING || type == ValueType.INT64)) {
      Typed left = operation.operands().get(0);
      Typed right = operation.operands().get(1);
      if (right instanceof Typed.Constant constant) {
        conditions.add(new Condition(left, constant.value()));
      } else if (left instanceof Typed.Constant constant) {
        conditions.add(new Condition(right, constant.value()));
      }
    }
  }

  /** The rules that may match, as bits; not to be written to. */
  public long[] candidates(Attributes request) {
    long[] found = always;
    boolean own = false;
    boolean none = alwaysNone;
    for (Group group : groups) {
      long[] more = group.byValue.get(group.compared.evaluate(request));
      if (more != null && none) {
        found = more;
        none = false;
      } else if (more != null) {
        found = own ? found : found.clone();
        own = true;
        for (int i = 0; i < found.length; i++) {
          found[i] |= more[i];
        }
      }
    }
    return found;
  }
}
