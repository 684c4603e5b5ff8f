package dev.tenon.galley.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy of all objects in force, in one file, so that a file that was broken while nobody ran, or
 * before a restart, takes nothing out of force. Only a help: a copy that cannot be written is missed,
 * no more. Not thread-safe.
 */
public final class LastGood {
  private static final Logger LOG = LoggerFactory.getLogger(LastGood.class);
  private static final String HEAD = "--- # from ";
  private static final long LARGEST = 128L << 20;

  private final Path file;
  private List<Copy> saved = List.of();
  private boolean failing;

  /**
   * @param own galley's own folder
   */
  public LastGood(Path own) {
    this.file = own.resolve("last-good.yaml");
  }

  /**
   * One object.
   *
   * @param from the path of the file that it was read from
   * @param yaml what it says, as {@link YamlWriter} writes it
   */
  public record Copy(String from, String yaml) {}

  /** What was in force last. */
  public List<Copy> load() {
    try {
      saved = Files.exists(file) && Files.size(file) <= LARGEST ? split(Files.readString(file)) : List.of();
    } catch (IOException e) {
      LOG.warn("{} cannot be read: {}", file, e.toString());
    }
    return saved;
  }

  /** No line that {@link YamlWriter} writes begins with three dashes. */
  private static List<Copy> split(String text) {
    List<Copy> result = new ArrayList<>();
    for (String each : ("\n" + text).split("\n" + HEAD, -1)) {
      int end = each.indexOf('\n');
      if (end > 0) {
        result.add(new Copy(each.substring(0, end), each.substring(end + 1) + "\n"));
      }
    }
    return result;
  }

  /** Keeps these, and nothing else. */
  public void save(List<Copy> objects) {
    if (objects.equals(saved)) {
      return;
    }
    try {
      StringBuilder text = new StringBuilder();
      objects.forEach(each -> text.append(HEAD).append(each.from()).append('\n').append(each.yaml()));
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Path draft = file.resolveSibling("last-good.draft");
      Files.writeString(draft, text);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      failing = false;
      saved = List.copyOf(objects);
    } catch (IOException e) {
      if (!failing) {
        LOG.warn("no copy of what is in force can be kept in {}: {}", file, e.toString());
      }
      failing = true;
    }
  }
}
