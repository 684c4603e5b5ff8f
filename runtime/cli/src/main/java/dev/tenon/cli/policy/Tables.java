package dev.tenon.cli.policy;

import dev.tenon.cli.client.Refused;
import dev.tenon.kernel.boot.YamlText;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Reads files of one YAML or JSON document. */
final class Tables {
  private static final long MOST_BYTES = 4 << 20;

  private Tables() {}

  /** The items of a file that holds a list. */
  static List<Node> items(Path file) {
    Node node = read(file);
    if (!(node instanceof Node.Items items)) {
      throw new Refused(node.at() + ": a table is a list of cases");
    }
    return items.items();
  }

  /** The mapping that a file holds. */
  static Node.Mapping mapping(Path file) {
    Node node = read(file);
    if (!(node instanceof Node.Mapping mapping)) {
      throw new Refused(node.at() + ": should be a mapping");
    }
    return mapping;
  }

  private static Node read(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new Refused(file + ": is larger than 4 MiB; split it");
      }
      List<Node> documents = new YamlText().parse(file.toString(), Files.readString(file));
      if (documents.size() != 1) {
        throw new Refused(file + ": holds " + documents.size() + " documents; one is read");
      }
      return documents.getFirst();
    } catch (NoSuchFileException e) {
      throw new Refused(file + ": no such file");
    } catch (IOException e) {
      throw new Refused(file + ": cannot be read: " + e.getMessage());
    } catch (BadConfig e) {
      throw new Refused(String.valueOf(e.getMessage()));
    }
  }
}
