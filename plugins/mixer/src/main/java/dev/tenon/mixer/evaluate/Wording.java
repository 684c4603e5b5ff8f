package dev.tenon.mixer.evaluate;

import dev.tenon.mixer.check.Typed;
import dev.tenon.mixer.parse.Operator;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Collectors;

/** Writes expressions and values as an operator would, for explanations. */
public final class Wording {
  private Wording() {}

  /** A part of an expression; brackets where they are needed. */
  public static String of(Typed expression) {
    return switch (expression) {
      case Typed.Constant constant -> constant.value() instanceof String text ? '"' + text + '"' : value(constant.value());
      case Typed.Attribute attribute -> attribute.name();
      case Typed.Entry(Typed map, Typed key) -> of(map) + "[" + of(key) + "]";
      case Typed.Operation operation ->
          operation.operands().stream()
              .map(each -> each instanceof Typed.Operation inner && looser(inner.operator(), operation.operator()) ? "(" + of(inner) + ")" : of(each))
              .collect(Collectors.joining(" " + operation.operator().text() + " "));
      case Typed.Call call -> call(call);
      case Typed.Foreign foreign -> foreign.text().strip();
    };
  }

  private static boolean looser(Operator inner, Operator outer) {
    return rank(inner) <= rank(outer) || inner == Operator.ELSE; // that one for the reader
  }

  private static int rank(Operator operator) {
    return switch (operator) {
      case OR -> 1;
      case AND -> 2;
      case EQUAL, UNEQUAL, LESS, AT_MOST, GREATER, AT_LEAST -> 3;
      case PLUS, ELSE -> 4;
    };
  }

  private static String call(Typed.Call call) {
    List<String> arguments = call.arguments().stream().map(Wording::of).toList();
    return call.function().receiver() != null
        ? (call.arguments().getFirst() instanceof Typed.Operation ? "(" + arguments.getFirst() + ")" : arguments.getFirst()) + "." + call.function().written() + "(" + String.join(", ", arguments.subList(1, arguments.size())) + ")"
        : call.function().written() + "(" + String.join(", ", arguments) + ")";
  }

  /** A value in one line, cut where it is long. */
  public static String value(Object value) {
    String text =
        switch (value) {
          case InetAddress address -> address.getHostAddress();
          default -> String.valueOf(value);
        };
    return text.length() > 256 ? text.substring(0, 255) + "\u2026" : text;
  }
}
