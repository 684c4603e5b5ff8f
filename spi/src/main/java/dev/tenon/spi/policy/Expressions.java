package dev.tenon.spi.policy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The expression language by itself, away from any request: for trying expressions out and for tables
 * of what they should give. Implemented by mixer; not for the request path. Thread-safe.
 */
public interface Expressions {
  /**
   * Compiles an expression and evaluates it once.
   *
   * @param vocabulary types by attribute, in the names of Mixer's {@code ValueType}; empty for the
   *     standard attributes
   * @param attributes read during the call
   * @throws IllegalArgumentException when the vocabulary names no such type
   */
  Answer evaluate(String expression, Map<String, String> vocabulary, Attributes attributes);

  /**
   * What became of it.
   *
   * @param type what it evaluates to; empty when it does not compile
   * @param value of a class as in {@link Instance#values()}; null when there is none
   * @param referenced what it read, in order: {@code name}, {@code map[key]}, with a minus before what
   *     was asked for and is absent; empty when it does not compile
   * @param fault at which stage it failed
   * @param reason one line on the fault; empty when there is none
   */
  record Answer(String type, @Nullable Object value, List<String> referenced, Fault fault, String reason) {
    public Answer {
      referenced = List.copyOf(referenced);
    }
  }

  /** The classes of errors. */
  enum Fault {
    NONE,
    /** It does not parse, names what the vocabulary lacks, or its types do not fit. */
    COMPILE,
    /** It compiles, and these attributes give it no value. */
    EVALUATION
  }
}
