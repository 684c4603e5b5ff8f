package dev.tenon.mixer.accept;

import dev.tenon.mixer.check.Doubt;
import dev.tenon.mixer.check.ValueType;
import dev.tenon.mixer.check.Vocabulary;
import dev.tenon.mixer.evaluate.Compiled;
import dev.tenon.mixer.evaluate.Failure;
import dev.tenon.mixer.parse.BadExpression;
import dev.tenon.mixer.parse.Place;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Compiles the expressions of one object, and collects what is wrong with them. */
final class Expressions {
  private final Vocabulary vocabulary;
  private final List<Finding> findings;

  Expressions(Vocabulary vocabulary) {
    this(vocabulary, new ArrayList<>());
  }

  private Expressions(Vocabulary vocabulary, List<Finding> findings) {
    this.vocabulary = vocabulary;
    this.findings = findings;
  }

  /** Compiles what is evaluated when requests are over; what is wrong is collected here. */
  Expressions whenOver() {
    return new Expressions(vocabulary.whenOver(), findings);
  }

  /** Errors and warnings so far. */
  List<Finding> findings() {
    return findings;
  }

  void add(Finding.Severity severity, String code, Position at, String field, String message) {
    findings.add(new Finding(severity, code, at, field, message));
  }

  /**
   * Compiles an expression; empty when it cannot be used.
   *
   * @param at where its text begins
   * @param field its path in the object
   * @param wanted the types that it may have
   * @param remedy what to do when it has another one
   */
  Optional<Compiled> compile(
      String text, Position at, String field, Set<ValueType> wanted, String remedy) {
    Compiled compiled;
    try {
      compiled = Compiled.compile(text, vocabulary);
    } catch (BadExpression e) {
      error(at(at, text, e.offset()), field, "at " + Place.of(text, e.offset()) + ": " + e.getMessage());
      return Optional.empty();
    }
    if (!wanted.contains(compiled.type())) {
      error(at, field, "the expression gives " + compiled.type() + "; " + remedy);
      return Optional.empty();
    }
    List<Failure> hopeless = compiled.hopeless();
    hopeless.forEach(
        each -> error(at, field, "the expression fails for every request: " + each.reason()));
    for (Doubt doubt : compiled.doubts()) {
      add(
          Finding.Severity.WARNING,
          Codes.DOUBTFUL,
          at(at, text, doubt.at()),
          field,
          "at " + Place.of(text, doubt.at()) + ": " + doubt.message());
    }
    return hopeless.isEmpty() ? Optional.of(compiled) : Optional.empty();
  }

  private void error(Position at, String field, String message) {
    add(Finding.Severity.ERROR, Codes.EXPRESSION, at, field, message);
  }

  /**
   * A place within a value. Where a value of several lines was indented or folded is not known any
   * more: then it is the beginning of the value, and the message has the place within.
   */
  private static Position at(Position value, String text, int offset) {
    return value.line() == 0 || text.indexOf('\n') >= 0
        ? value
        : new Position(value.origin(), value.line(), value.column() + offset);
  }
}
