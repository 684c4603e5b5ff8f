package dev.tenon.mixer.cel;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelVariableResolver;
import dev.tenon.mixer.check.Typed;
import dev.tenon.mixer.check.ValueType;
import dev.tenon.spi.policy.Attributes;
import java.net.InetAddress;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A compiled expression: reads an attribute when CEL asks for it, and of a map the entry. */
final class Program implements Typed.Formula {
  private final CelRuntime.Program program;
  private final Map<String, ValueType> types;
  private final ValueType type;

  Program(CelRuntime.Program program, Map<String, ValueType> types, ValueType type) {
    this.program = program;
    this.types = types;
    this.type = type;
  }

  @Override
  public Object evaluate(Attributes attributes) throws Typed.NoValue {
    CelVariableResolver resolver = name -> Optional.ofNullable(read(attributes, name));
    Object value;
    try {
      value = program.eval(resolver);
    } catch (CelEvaluationException e) {
      throw new Typed.NoValue(Environment.oneLine(e));
    }
    Object plain = value instanceof Map<?, ?> map ? texts(map) : value;
    if (!type.held().isInstance(plain)) {
      throw new Typed.NoValue("it gave a " + (value == null ? "null" : value.getClass().getSimpleName()) + " and no " + type);
    }
    return plain;
  }

  private @Nullable Object read(Attributes attributes, String name) {
    if (name.startsWith(Environment.PRESENCE)) {
      return attributes.has(name.substring(Environment.PRESENCE.length()));
    }
    ValueType known = types.get(name);
    if (known == null) {
      return null;
    }
    if (known == ValueType.STRING_MAP) {
      return attributes.has(name) ? new Entries(attributes, name) : null;
    }
    Object value = attributes.get(name);
    return value instanceof InetAddress address ? address.getHostAddress() : value;
  }

  private static Map<String, String> texts(Map<?, ?> map) throws Typed.NoValue {
    Map<String, String> texts = new HashMap<>();
    for (Map.Entry<?, ?> each : map.entrySet()) {
      if (!(each.getKey() instanceof String name) || !(each.getValue() instanceof String text)) {
        throw new Typed.NoValue("it gave a map of something else than text to text");
      }
      texts.put(name, text);
    }
    return texts;
  }

  /** A map attribute that is asked for its entries one by one; all of them only where an expression goes through them. */
  private static final class Entries extends AbstractMap<String, String> {
    private final Attributes attributes;
    private final String name;

    Entries(Attributes attributes, String name) {
      this.attributes = attributes;
      this.name = name;
    }

    @Override
    public @Nullable String get(@Nullable Object key) {
      return key instanceof String text ? attributes.entry(name, text) : null;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
      return get(key) != null;
    }

    @Override
    @SuppressWarnings("unchecked") // the vocabulary says that it is a map of text to text
    public Set<Entry<String, String>> entrySet() {
      return attributes.get(name) instanceof Map<?, ?> map ? ((Map<String, String>) map).entrySet() : Set.of();
    }
  }
}
