package dev.tenon.kernel.boot;

import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.parser.ParserImpl;

/** Makes one document's nodes of its events, and notes what is wrong with them. */
final class YamlNodes {
  private static final int DEEPEST = 64;

  private final String origin;
  private final ParserImpl events;
  private final List<Finding> findings;

  YamlNodes(String origin, ParserImpl events, List<Finding> findings) {
    this.origin = origin;
    this.events = events;
    this.findings = findings;
  }

  Node read() {
    return read(events.next(), 0);
  }

  private Node read(Event event, int depth) {
    Position at = at(event);
    return switch (event.getEventId()) {
      case Scalar -> YamlScalar.node((ScalarEvent) event, at, findings);
      case SequenceStart -> {
        collection((CollectionStartEvent) event, "seq", depth, at);
        yield items(at, depth);
      }
      case MappingStart -> {
        collection((CollectionStartEvent) event, "map", depth, at);
        yield mapping(at, depth);
      }
      case Alias -> {
        findings.add(YamlText.finding(at, "aliases are not read; write the value out"));
        yield new Node.Null(at);
      }
      default -> throw new BadConfig(List.of(YamlText.finding(at, "is no YAML: unexpected " + event)));
    };
  }

  private Node items(Position at, int depth) {
    List<Node> items = new ArrayList<>();
    for (Event next = events.next(); next.getEventId() != Event.ID.SequenceEnd; next = events.next()) {
      items.add(read(next, depth + 1));
    }
    return new Node.Items(items, at);
  }

  private Node mapping(Position at, int depth) {
    SequencedMap<String, Node> entries = new LinkedHashMap<>();
    for (Event next = events.next(); next.getEventId() != Event.ID.MappingEnd; next = events.next()) {
      Position keyAt = at(next);
      String key = key(next, depth);
      Node value = read(events.next(), depth + 1);
      if (key != null && entries.containsKey(key)) {
        findings.add(YamlText.finding(keyAt, "the key \"" + key + "\" is there twice; remove one"));
      } else if (key != null) {
        entries.put(key, value);
      }
    }
    return new Node.Mapping(entries, at);
  }

  private @Nullable String key(Event event, int depth) {
    if (event instanceof ScalarEvent scalar) {
      return scalar.getValue();
    }
    read(event, depth + 1);
    findings.add(YamlText.finding(at(event), "a key must be plain text"));
    return null;
  }

  private void collection(CollectionStartEvent event, String kind, int depth, Position at) {
    if (depth >= DEEPEST) {
      throw new BadConfig(List.of(YamlText.finding(at, "is nested deeper than " + DEEPEST + "; flatten it")));
    }
    String tag = event.getTag().orElse("");
    if (!tag.isEmpty() && !tag.equals("!") && !tag.equals(YamlScalar.CORE + kind)) {
      findings.add(YamlText.finding(at, "the tag " + tag + " is not read; remove it"));
    }
  }

  private Position at(Event event) {
    return event.getStartMark().map(mark -> YamlText.at(origin, mark)).orElseGet(() -> Position.of(origin));
  }
}
