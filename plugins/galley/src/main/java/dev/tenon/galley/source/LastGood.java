package dev.tenon.galley.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy of each object in force, so that a file that was broken while nobody ran, or before a restart,
 * takes nothing out of force. Only a help: a copy that cannot be written is missed, no more.
 */
public final class LastGood {
  private static final Logger LOG = LoggerFactory.getLogger(LastGood.class);
  private static final String HEAD = "# from ";

  private final Path folder;
  private Map<String, Copy> saved = new HashMap<>();
  private boolean failing;

  /**
   * @param own galley's own folder
   */
  public LastGood(Path own) {
    this.folder = own.resolve("last-good");
  }

  /**
   * One object.
   *
   * @param from the path of the file that it was read from
   * @param yaml what it says
   */
  public record Copy(String from, String yaml) {}

  /** What was in force last. */
  public List<Copy> load() {
    List<Copy> result = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.walk(folder, 4)) {
        for (Path file : files.filter(each -> each.toString().endsWith(".yaml")).toList()) {
          read(file, result);
        }
      } catch (IOException e) {
        LOG.warn("{} cannot be read: {}", folder, e.toString());
      }
    }
    return result;
  }

  private void read(Path file, List<Copy> result) throws IOException {
    if (Files.size(file) > Directory.LARGEST_FILE + 4096L) {
      return;
    }
    String text = Files.readString(file);
    int end = text.indexOf('\n');
    if (text.startsWith(HEAD) && end > 0) {
      Copy copy = new Copy(text.substring(HEAD.length(), end), text.substring(end + 1));
      saved.put(folder.relativize(file).toString(), copy);
      result.add(copy);
    }
  }

  /**
   * Keeps these, and nothing else.
   *
   * @param objects by a path of their own
   */
  public void save(Map<String, Copy> objects) {
    if (objects.equals(saved)) {
      return;
    }
    try {
      for (Map.Entry<String, Copy> each : objects.entrySet()) {
        if (!each.getValue().equals(saved.get(each.getKey()))) {
          write(folder.resolve(each.getKey()), each.getValue());
        }
      }
      for (String path : saved.keySet()) {
        if (!objects.containsKey(path)) {
          Files.deleteIfExists(folder.resolve(path));
        }
      }
      failing = false;
      saved = new HashMap<>(objects);
    } catch (IOException e) {
      if (!failing) {
        LOG.warn("no copy of what is in force can be kept in {}: {}", folder, e.toString());
      }
      failing = true;
    }
  }

  private void write(Path file, Copy copy) throws IOException {
    Files.createDirectories(java.util.Objects.requireNonNull(file.getParent()));
    Path draft = folder.resolve("draft");
    Files.writeString(draft, HEAD + copy.from() + "\n" + copy.yaml());
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
