package dev.tenon.galley.decode;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.rules.TextMatch;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads Istio's {@code StringMatch}. An expression longer than 1024 characters is refused, as there. */
final class TextMatches {
  private static final int LONGEST_EXPRESSION = 1024;
  private static final String CLAIMS = "@request.auth.claims";

  private TextMatches() {}

  /** One match, if it is there; it must say how. */
  static Optional<TextMatch> one(Fields fields, String field) {
    return fields.mapping(field).flatMap(match -> how(match, true));
  }

  /** Matches by header name, in lower case; {@code {}} asks only that the header is there. */
  static Map<String, TextMatch> headers(Fields fields, String field) {
    Map<String, TextMatch> result = new LinkedHashMap<>();
    fields
        .mapping(field)
        .ifPresent(
            nested ->
                nested.names().forEach(
                    name -> {
                      Optional<TextMatch> match = entry(nested, name);
                      String key = name.toLowerCase(Locale.ROOT);
                      if (name.startsWith(CLAIMS)) {
                        Values.refuse(nested, name, "routing by the claims of a token needs request authentication; match a header that the application sets");
                      } else if (!Names.isToken(name)) {
                        nested.error(name, "is no header name; it has letters, digits, '-' and '_'");
                      } else if (match.isPresent() && result.putIfAbsent(key, match.get()) != null) {
                        nested.error(name, "is given twice; header names are the same in upper and lower case");
                      }
                    }));
    return result;
  }

  /** Matches by query parameter; {@code {}} asks only that it is there. */
  static Map<String, TextMatch> parameters(Fields fields, String field) {
    Map<String, TextMatch> result = new LinkedHashMap<>();
    fields
        .mapping(field)
        .ifPresent(
            nested ->
                nested.names().forEach(
                    name -> {
                      entry(nested, name).ifPresent(match -> result.put(name, match));
                      if (name.isEmpty()) {
                        nested.error(name, "a query parameter has a name");
                      }
                    }));
    return result;
  }

  private static Optional<TextMatch> entry(Fields nested, String name) {
    if (!nested.has(name)) {
      nested.node(name);
      nested.error(name, "says nothing; write {exact: …}, {prefix: …}, {regex: …}, or {} to ask only that it is there");
      return Optional.empty();
    }
    return nested.mapping(name).flatMap(match -> how(match, false));
  }

  private static Optional<TextMatch> how(Fields match, boolean mustSay) {
    match.atMostOne("exact", "prefix", "regex");
    Optional<String> exact = value(match, "exact");
    Optional<String> prefix = value(match, "prefix");
    Optional<String> regex = value(match, "regex");
    regex.ifPresent(expression -> compile(match, "regex", expression));
    if (exact.isPresent()) {
      return exact.map(TextMatch.Exact::new);
    }
    if (prefix.isPresent()) {
      return prefix.map(TextMatch.Prefix::new);
    }
    if (regex.isPresent()) {
      return regex.map(TextMatch.Regex::new);
    }
    if (mustSay && match.names().isEmpty()) {
      match.error("exact", "one of exact, prefix, regex is required");
    }
    return match.names().isEmpty() && !mustSay ? Optional.of(new TextMatch.Present()) : Optional.empty();
  }

  private static Optional<String> value(Fields match, String field) {
    Optional<String> text = match.optionalText(field);
    if (match.names().contains(field) && !match.has(field)) {
      match.error(field, "says nothing; give it a text, or remove it");
    }
    if (text.isPresent() && text.get().isEmpty()) {
      match.error(field, "is empty; give it a text, or remove it");
      return Optional.empty();
    }
    return text;
  }

  /** Checks an RE2 expression. */
  static void compile(Fields fields, String field, String expression) {
    if (expression.length() > LONGEST_EXPRESSION) {
      fields.error(field, "has " + expression.length() + " characters; an expression has at most " + LONGEST_EXPRESSION);
      return;
    }
    try {
      Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      fields.error(
          field,
          "is no RE2 expression: " + e.getDescription() + " (https://github.com/google/re2/wiki/Syntax)");
    }
  }
}
