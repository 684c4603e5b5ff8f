package dev.tenon.mixer.evaluate;

import dev.tenon.mixer.check.StandardVocabulary;
import dev.tenon.mixer.check.ValueType;
import dev.tenon.mixer.check.Vocabulary;
import dev.tenon.mixer.parse.BadExpression;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.Expressions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Compiles and evaluates expressions one by one, with what they read noted. */
public final class Trials implements Expressions {
  @Override
  public Answer evaluate(String expression, Map<String, String> vocabulary, Attributes attributes) {
    Vocabulary known = vocabulary.isEmpty() ? StandardVocabulary.STANDARD : vocabulary(vocabulary);
    try {
      return evaluate(Compiled.compile(expression, known), attributes);
    } catch (BadExpression e) {
      return new Answer("", null, List.of(), Fault.COMPILE, (e.offset() + 1) + ": " + e.getMessage());
    }
  }

  private static Answer evaluate(Compiled compiled, Attributes attributes) {
    Recorder recorder = new Recorder(attributes);
    Object value = compiled.evaluate(recorder);
    List<String> referenced = List.copyOf(recorder.referenced());
    String type = compiled.type().name();
    return value instanceof Failure(String reason)
        ? new Answer(type, null, referenced, Fault.EVALUATION, reason)
        : new Answer(type, value, referenced, Fault.NONE, "");
  }

  private static Vocabulary vocabulary(Map<String, String> types) {
    return new Vocabulary(types.entrySet().stream().collect(Collectors.toMap(
        Map.Entry::getKey, entry -> new Vocabulary.Attribute(ValueType.valueOf(entry.getValue()), Vocabulary.Seen.CHECK))));
  }
}
