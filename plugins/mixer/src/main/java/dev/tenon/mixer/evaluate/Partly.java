package dev.tenon.mixer.evaluate;

import dev.tenon.mixer.check.Typed;
import dev.tenon.mixer.parse.Operator;
import dev.tenon.spi.policy.Attributes;
import java.util.List;
import java.util.Set;

/** Whether a condition can hold for requests of which only some attributes are known. */
public final class Partly {
  private final Set<String> known;
  private final Attributes attributes;

  /**
   * @param known names of the attributes that are known; the others may have any value
   * @param attributes their values; one that has none is absent
   */
  public Partly(Set<String> known, Attributes attributes) {
    this.known = Set.copyOf(known);
    this.attributes = attributes;
  }

  private enum May {
    HOLD,
    NOT_HOLD,
    EITHER
  }

  /** False when it is sure not to hold. */
  public boolean mayHold(Compiled condition) {
    return judge(condition.expression()) != May.NOT_HOLD;
  }

  private May judge(Typed condition) {
    if (known.containsAll(Compiled.of(condition).attributes())) {
      return Compiled.of(condition).matches(attributes) ? May.HOLD : May.NOT_HOLD;
    }
    if (condition instanceof Typed.Operation operation) {
      List<May> parts = operation.operands().stream().map(this::judge).toList();
      // A part that fails fails the whole, which does not hold then; left of || one that is true is enough.
      if (operation.operator() == Operator.AND) {
        return parts.contains(May.NOT_HOLD) ? May.NOT_HOLD : May.EITHER;
      }
      if (operation.operator() == Operator.OR) {
        return parts.stream().allMatch(each -> each == May.NOT_HOLD) ? May.NOT_HOLD : parts.getFirst() == May.HOLD ? May.HOLD : May.EITHER;
      }
    }
    return May.EITHER;
  }
}
