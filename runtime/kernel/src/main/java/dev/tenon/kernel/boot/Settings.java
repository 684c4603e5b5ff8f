package dev.tenon.kernel.boot;

import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A process's settings: the profile, the files over it, the assignments over those. */
final class Settings {
  private final List<Finding> findings = new ArrayList<>();

  private Settings() {}

  /**
   * Reads and merges everything.
   *
   * @throws BadConfig with all that is wrong in any of the texts
   */
  static Node.Mapping read(BootOptions options) {
    Settings reading = new Settings();
    Node.Mapping all = reading.profile(options.home().resolve("profiles"), options.profile());
    for (Path file : options.configs()) {
      all = Overlay.merge(all, reading.file(file));
    }
    for (String text : options.sets()) {
      all = Overlay.merge(all, reading.assignment(text));
    }
    if (!reading.findings.isEmpty()) {
      throw new BadConfig(reading.findings);
    }
    return all;
  }

  private Node.Mapping profile(Path folder, String name) {
    Path file = folder.resolve(name + ".yaml");
    if (!name.matches("[A-Za-z0-9_-]+") || !Files.isRegularFile(file)) {
      findings.add(YamlText.finding(Position.of("--profile " + name), "there is no such profile; there are " + names(folder)));
      return Node.Mapping.empty(Position.of(file.toString()));
    }
    return file(file);
  }

  private static String names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return String.join(", ", files.map(each -> String.valueOf(each.getFileName()))
          .filter(each -> each.endsWith(".yaml")).map(each -> each.substring(0, each.length() - 5)).sorted().toList());
    } catch (IOException e) {
      return "none in " + folder;
    }
  }

  private Node.Mapping file(Path file) {
    Position at = Position.of(file.toString());
    try {
      List<Node> documents = new YamlText().parse(file.toString(), Files.readString(file));
      if (documents.size() > 1) {
        findings.add(YamlText.finding(documents.get(1).at(), "a second document begins; settings are one document"));
      }
      if (documents.isEmpty() || documents.getFirst() instanceof Node.Mapping) {
        return documents.isEmpty() ? Node.Mapping.empty(at) : (Node.Mapping) documents.getFirst();
      }
      findings.add(YamlText.finding(documents.getFirst().at(), "settings are a mapping of sections"));
    } catch (BadConfig e) {
      findings.addAll(e.findings());
    } catch (NoSuchFileException e) {
      findings.add(YamlText.finding(at, "there is no such file"));
    } catch (CharacterCodingException e) {
      findings.add(YamlText.finding(at, "is not UTF-8; save it as UTF-8"));
    } catch (IOException e) {
      findings.add(YamlText.finding(at, "cannot be read: " + e));
    }
    return Node.Mapping.empty(at);
  }

  private Node.Mapping assignment(String text) {
    try {
      return Overlay.assignment(text);
    } catch (BadConfig e) {
      findings.addAll(e.findings());
      return Node.Mapping.empty(Position.of("--set"));
    }
  }
}
