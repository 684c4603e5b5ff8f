package dev.tenon.agent.read;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Sections of a configuration, written as Java collections. Each entry of a mapping is on its own line. */
public final class Sections {
  private int line;

  private Sections() {}

  /** A section as the kernel hands it out. */
  public static Fields section(String name, Map<String, ?> content) {
    return Fields.of((Node.Mapping) new Sections().node(content), name);
  }

  private Node node(@Nullable Object value) {
    Position at = new Position("sidecar.yaml", line, 1);
    return switch (value) {
      case null -> new Node.Null(at);
      case String text -> new Node.Text(text, at);
      case Number number -> new Node.Numeric(number.doubleValue(), at);
      case Boolean truth -> new Node.Truth(truth, at);
      case List<?> list -> new Node.Items(list.stream().map(this::node).toList(), at);
      case Map<?, ?> map -> mapping(map, at);
      default -> throw new IllegalArgumentException(value.getClass().getName());
    };
  }

  private Node.Mapping mapping(Map<?, ?> map, Position at) {
    SequencedMap<String, Node> entries = new LinkedHashMap<>();
    map.forEach(
        (key, value) -> {
          line++;
          entries.put((String) key, node(value));
        });
    return new Node.Mapping(entries, at);
  }
}
