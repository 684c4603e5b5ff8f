package dev.tenon.spi.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Structured text: what YAML, JSON or a wire struct says, with the place of each value. Two nodes are
 * equal when they say the same, wherever it was written.
 */
public sealed interface Node {
  /** Where the value begins. */
  Position at();

  /** A scalar: text, number, truth or nothing. */
  sealed interface Scalar extends Node {}

  /** Text. */
  record Text(String value, Position at) implements Scalar {
    @Override
    public boolean equals(Object other) {
      return other instanceof Text text && text.value.equals(value);
    }

    @Override
    public int hashCode() {
      return value.hashCode();
    }
  }

  /** A number; whole ones up to 2^53 are exact. */
  record Numeric(double value, Position at) implements Scalar {
    @Override
    public boolean equals(Object other) {
      return other instanceof Numeric number && Double.compare(number.value, value) == 0;
    }

    @Override
    public int hashCode() {
      return Double.hashCode(value);
    }
  }

  /** True or false. */
  record Truth(boolean value, Position at) implements Scalar {
    @Override
    public boolean equals(Object other) {
      return other instanceof Truth truth && truth.value == value;
    }

    @Override
    public int hashCode() {
      return Boolean.hashCode(value);
    }
  }

  /** Nothing was said. */
  record Null(Position at) implements Scalar {
    @Override
    public boolean equals(Object other) {
      return other instanceof Null;
    }

    @Override
    public int hashCode() {
      return 0;
    }
  }

  /** Values in a row. */
  record Items(List<Node> items, Position at) implements Node {
    public Items {
      items = List.copyOf(items);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Items list && list.items.equals(items);
    }

    @Override
    public int hashCode() {
      return items.hashCode();
    }
  }

  /** Named values, in the order written. */
  record Mapping(SequencedMap<String, Node> entries, Position at) implements Node {
    public Mapping {
      entries = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(entries));
    }

    /** An empty mapping. */
    public static Mapping empty(Position at) {
      return new Mapping(new LinkedHashMap<>(Map.of()), at);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Mapping mapping && mapping.entries.equals(entries);
    }

    @Override
    public int hashCode() {
      return entries.hashCode();
    }
  }
}
