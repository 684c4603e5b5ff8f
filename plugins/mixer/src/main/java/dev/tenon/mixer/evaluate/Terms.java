package dev.tenon.mixer.evaluate;

import dev.tenon.mixer.check.Typed;
import dev.tenon.mixer.parse.Operator;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.Explanation.Term;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Takes a match apart: what each of its parts came to, and what they read. */
public final class Terms {
  private final Attributes attributes;
  private final List<Term> terms = new ArrayList<>();

  private Terms(Attributes attributes) {
    this.attributes = attributes;
  }

  /** The parts of a match, each before its own parts. */
  public static List<Term> of(Compiled match, Attributes attributes) {
    Terms terms = new Terms(attributes);
    terms.add(match.expression(), 0);
    return List.copyOf(terms.terms);
  }

  private void add(Typed part, int depth) {
    boolean parts = part instanceof Typed.Operation operation && (operation.operator() == Operator.AND || operation.operator() == Operator.OR);
    Object value = Compiled.of(part).evaluate(attributes);
    String said = value instanceof Failure ? "" : Wording.value(value);
    String reason = value instanceof Failure(String why) && !parts ? why : parts ? "" : read(part);
    terms.add(new Term(Wording.of(part), said, reason, depth));
    if (parts) {
      ((Typed.Operation) part).operands().forEach(each -> add(each, depth + 1));
    }
  }

  /** What a part was made of. */
  private String read(Typed part) {
    Set<String> read = new LinkedHashSet<>();
    collect(part, read);
    return String.join(", ", read);
  }

  private void collect(Typed part, Set<String> read) {
    switch (part) {
      case Typed.Attribute attribute -> read.add(said(attribute));
      case Typed.Entry entry -> read.add(said(entry));
      case Typed.Operation operation -> operation.operands().forEach(each -> collect(each, read));
      case Typed.Call call -> call.arguments().forEach(each -> collect(each, read));
      case Typed.Foreign foreign ->
          foreign.attributes().forEach(name -> read.add(name + (attributes.has(name) ? " is there" : " is absent")));
      case Typed.Constant ignored -> {}
    }
  }

  private String said(Typed part) {
    Object value = Compiled.of(part).evaluate(attributes);
    return Wording.of(part) + (value instanceof Failure ? " is absent" : " is " + (value instanceof String text ? '"' + Wording.value(text) + '"' : Wording.value(value)));
  }
}
