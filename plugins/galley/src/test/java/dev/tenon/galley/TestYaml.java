package dev.tenon.galley;

import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.config.TextParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** A plain reader of YAML for these tests; the kernel's own one is tested with the kernel. */
public final class TestYaml implements TextParser {
  @Override
  public List<Node> parse(String origin, String text) {
    try {
      LoadSettings settings = LoadSettings.builder().setSchema(new CoreSchema()).setLabel(origin).build();
      List<Node> result = new ArrayList<>();
      for (var node : new Compose(settings).composeAllFromString(text)) {
        Node converted = convert(origin, node);
        if (!(converted instanceof Node.Null)) {
          result.add(converted);
        }
      }
      return result;
    } catch (MarkedYamlEngineException e) {
      Position at =
          e.getProblemMark().map(mark -> new Position(origin, mark.getLine() + 1, mark.getColumn() + 1)).orElse(Position.of(origin));
      throw bad(at, e.getProblem());
    } catch (YamlEngineException e) {
      throw bad(Position.of(origin), String.valueOf(e.getMessage()));
    }
  }

  private static BadConfig bad(Position at, String message) {
    return new BadConfig(List.of(new Finding(Finding.Severity.ERROR, "TEN0002", at, "", message)));
  }

  private static Node convert(String origin, org.snakeyaml.engine.v2.nodes.Node node) {
    Position at =
        node.getStartMark().map(mark -> new Position(origin, mark.getLine() + 1, mark.getColumn() + 1)).orElse(Position.of(origin));
    return switch (node) {
      case MappingNode mapping -> {
        LinkedHashMap<String, Node> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
          String key = ((ScalarNode) tuple.getKeyNode()).getValue();
          if (entries.put(key, convert(origin, tuple.getValueNode())) != null) {
            throw bad(at, "the key " + key + " is there twice");
          }
        }
        yield new Node.Mapping(entries, at);
      }
      case SequenceNode sequence -> new Node.Items(sequence.getValue().stream().map(each -> convert(origin, each)).toList(), at);
      case ScalarNode scalar -> scalar(scalar, at);
      default -> throw bad(at, "an alias");
    };
  }

  private static Node scalar(ScalarNode scalar, Position at) {
    Tag tag = scalar.getTag();
    String value = scalar.getValue();
    if (tag.equals(Tag.NULL)) {
      return new Node.Null(at);
    }
    if (tag.equals(Tag.BOOL)) {
      return new Node.Truth(Boolean.parseBoolean(value.toLowerCase(java.util.Locale.ROOT)), at);
    }
    if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
      return number(value).<Node>map(each -> new Node.Numeric(each, at)).orElse(new Node.Text(value, at));
    }
    return new Node.Text(value, at);
  }

  private static Optional<Double> number(String value) {
    try {
      return Optional.of(value.startsWith("0x") ? (double) Long.parseLong(value.substring(2), 16) : Double.parseDouble(value));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
