package dev.tenon.mixer.evaluate;

import dev.tenon.mixer.cel.Cel;
import dev.tenon.mixer.check.Checker;
import dev.tenon.mixer.check.Doubt;
import dev.tenon.mixer.check.Function;
import dev.tenon.mixer.check.Typed;
import dev.tenon.mixer.check.ValueType;
import dev.tenon.mixer.check.Vocabulary;
import dev.tenon.mixer.parse.BadExpression;
import dev.tenon.mixer.parse.Parser;
import dev.tenon.spi.policy.Attributes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** An expression ready to be evaluated. Immutable and thread-safe. */
public final class Compiled {
  private final String text;
  private final Typed expression;
  private final List<Doubt> doubts;
  private final Evaluator evaluator;

  private Compiled(String text, Typed expression, List<Doubt> doubts) {
    this.text = text;
    this.expression = expression;
    this.doubts = doubts;
    this.evaluator = Assembly.of(expression);
  }

  /**
   * Compiles an expression; one that begins with {@code cel:} is CEL.
   *
   * @throws BadExpression when it does not parse, names what the vocabulary lacks, or its types do not
   *     fit
   */
  public static Compiled compile(String text, Vocabulary vocabulary) throws BadExpression {
    if (Cel.marks(text)) {
      return new Compiled(text, Cel.compile(text, vocabulary), List.of());
    }
    Checker.Checked checked = Checker.check(Parser.parse(text), vocabulary);
    return new Compiled(text, checked.expression(), checked.doubts());
  }

  /** Makes a checked part of an expression ready by itself. */
  public static Compiled of(Typed part) {
    return new Compiled("", part, List.of());
  }

  /**
   * The value, of the class that {@link #type} holds, or a {@link Failure}. Takes next to no memory
   * unless it makes text.
   */
  public Object evaluate(Attributes attributes) {
    return evaluator.evaluate(attributes);
  }

  /** Whether it is true; a failure counts as false, as it did in Mixer. */
  public boolean matches(Attributes attributes) {
    return Boolean.TRUE.equals(evaluator.evaluate(attributes));
  }

  /** What it evaluates to. */
  public ValueType type() {
    return expression.type();
  }

  /** As it was written. */
  public String text() {
    return text;
  }

  /** Its checked form. */
  public Typed expression() {
    return expression;
  }

  /** The names of the attributes that it may read. */
  public Set<String> attributes() {
    Set<String> names = new HashSet<>();
    collect(expression, names);
    return names;
  }

  private static void collect(Typed expression, Set<String> names) {
    switch (expression) {
      case Typed.Attribute attribute -> names.add(attribute.name());
      case Typed.Entry entry -> {
        collect(entry.map(), names);
        collect(entry.key(), names);
      }
      case Typed.Operation operation -> operation.operands().forEach(each -> collect(each, names));
      case Typed.Call call -> call.arguments().forEach(each -> collect(each, names));
      case Typed.Foreign foreign -> names.addAll(foreign.attributes());
      case Typed.Constant ignored -> {}
    }
  }

  /** What its author can hardly have meant. */
  public List<Doubt> doubts() {
    return doubts;
  }

  /**
   * Why some constant in it can never be evaluated, as in {@code ip("nowhere")} or {@code
   * "(".matches(request.path)}: Mixer found out at each request, and the rule never held.
   */
  public List<Failure> hopeless() {
    return hopeless(expression).toList();
  }

  private static Stream<Failure> hopeless(Typed expression) {
    return switch (expression) {
      case Typed.Call call when constant(call) ->
          Assembly.of(call).evaluate(Nothing.ATTRIBUTES) instanceof Failure failure
              ? Stream.of(failure)
              : Stream.empty();
      case Typed.Call call when badPattern(call) instanceof Failure failure ->
          Stream.of(failure);
      case Typed.Call call -> call.arguments().stream().flatMap(Compiled::hopeless);
      case Typed.Operation operation -> operation.operands().stream().flatMap(Compiled::hopeless);
      case Typed.Entry entry ->
          Stream.concat(hopeless(entry.map()), hopeless(entry.key()));
      case Typed.Constant ignored -> Stream.empty();
      case Typed.Attribute ignored -> Stream.empty();
      case Typed.Foreign ignored -> Stream.empty();
    };
  }

  private static boolean constant(Typed.Call call) {
    return call.arguments().stream().allMatch(each -> each instanceof Typed.Constant);
  }

  private static Object badPattern(Typed.Call call) {
    return call.function() == Function.MATCHES
            && call.arguments().getFirst() instanceof Typed.Constant(ValueType ignored, String pattern)
        ? Patterns.compile(pattern)
        : "";
  }
}
