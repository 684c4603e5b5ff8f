package dev.tenon.mixer.dispatch;

import dev.tenon.mixer.accept.Accepted;
import dev.tenon.mixer.check.Typed;
import dev.tenon.mixer.evaluate.Compiled;
import dev.tenon.spi.policy.Attributes;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which rules may match. Rules that compare one thing with different constants, {@code
 * destination.labels["app"] == "ratings" && …}, are found by evaluating that thing once. Such a
 * comparison that is not true keeps its rule from matching, whatever else the rule says. Of several
 * comparisons of a rule the one is taken that tells the most rules apart: of a host and a method the host.
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

  /** Indexes rules; their numbers are their places in the list. */
  public static RuleIndex of(List<Accepted.Rule> rules) {
    List<Map<Typed, Set<Object>>> needs =
        rules.stream().map(rule -> rule.match().map(match -> Needs.of(match.expression())).orElse(Map.of())).toList();
    Map<Typed, Use> uses = new HashMap<>();
    needs.forEach(each -> each.forEach((compared, values) -> uses.computeIfAbsent(compared, one -> new Use()).add(values)));
    int words = (rules.size() + 63) / 64;
    long[] always = new long[words];
    Map<Typed, Map<Object, long[]>> groups = new HashMap<>();
    for (int i = 0; i < rules.size(); i++) {
      long bit = 1L << i;
      int word = i / 64;
      best(needs.get(i), uses).ifPresentOrElse(
          need -> {
            Map<Object, long[]> group = groups.computeIfAbsent(need.getKey(), compared -> new HashMap<>());
            need.getValue().forEach(value -> group.computeIfAbsent(value, each -> new long[words])[word] |= bit);
          },
          () -> always[word] |= bit);
    }
    return new RuleIndex(
        always,
        groups.entrySet().stream()
            .map(each -> new Group(Compiled.of(each.getKey()), Map.copyOf(each.getValue())))
            .toArray(Group[]::new));
  }

  /** The one that tells the most rules apart. */
  private static Optional<Map.Entry<Typed, Set<Object>>> best(Map<Typed, Set<Object>> needs, Map<Typed, Use> uses) {
    return needs.entrySet().stream()
        .max(Comparator.comparing(each -> uses.getOrDefault(each.getKey(), new Use()), Use.TELLING));
  }

  /** What all rules together make of one thing that they compare. */
  private static final class Use {
    /** With more values it tells more rules apart; of equals the one that more rules share is evaluated for more of them. */
    private static final Comparator<Use> TELLING = Comparator.<Use>comparingInt(each -> each.values.size()).thenComparingInt(each -> each.rules);

    private final Set<Object> values = new HashSet<>();
    private int rules;

    void add(Set<Object> more) {
      values.addAll(more);
      rules++;
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
