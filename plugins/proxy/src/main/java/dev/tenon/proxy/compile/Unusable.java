package dev.tenon.proxy.compile;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Says from within a compiler that a field cannot be carried out; becomes a {@link
 * Compilation.Rejected} at its edge. The path grows while it unwinds, so a good resource pays nothing
 * for it.
 */
final class Unusable extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String path;
  private final String reason;

  Unusable(String path, String reason) {
    super(path + ": " + reason, null, false, false);
    this.path = path;
    this.reason = reason;
  }

  /** The edge: runs a compiler and turns what it throws into its result. */
  static <T> Compilation<T> attempt(Body<T> body) {
    try {
      return new Compilation.Compiled<>(body.run());
    } catch (Unusable e) {
      return new Compilation.Rejected<>(e.path, e.reason);
    } catch (InvalidProtocolBufferException e) {
      return new Compilation.Rejected<>("", "cannot be parsed: " + e.getMessage());
    }
  }

  /** Compiles one field; what is unusable in it is told with the field's name before its path. */
  static <T> T in(String field, Supplier<T> compiler) {
    try {
      return compiler.get();
    } catch (Unusable e) {
      throw e.under(field);
    }
  }

  /** Compiles each item of a repeated field. */
  static <A, B> List<B> each(String field, List<A> items, Function<? super A, ? extends B> compiler) {
    List<B> result = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      try {
        result.add(compiler.apply(items.get(i)));
      } catch (Unusable e) {
        throw e.under(field + "[" + i + "]");
      }
    }
    return List.copyOf(result);
  }

  /** Parses what an extension point holds, having looked through its fields. */
  static <T> T unpack(Any config, String typeUrl, Shape shape, Parsing<T> parser) {
    if (!config.getTypeUrl().equals(typeUrl)) {
      throw new Unusable("", "is " + config.getTypeUrl() + "; only " + typeUrl + " is carried out here");
    }
    shape.demand(config.getValue());
    try {
      return parser.parse(config.getValue());
    } catch (InvalidProtocolBufferException e) {
      throw new Unusable("", "cannot be parsed: " + e.getMessage());
    }
  }

  /** The same, told from one level up. */
  Unusable under(String field) {
    return new Unusable(path.isEmpty() ? field : field + "." + path, reason);
  }

  /** Makes something of a resource. */
  @FunctionalInterface
  interface Body<T> {
    T run() throws InvalidProtocolBufferException;
  }

  /** Parses bytes. */
  @FunctionalInterface
  interface Parsing<T> {
    T parse(com.google.protobuf.ByteString bytes) throws InvalidProtocolBufferException;
  }
}
