package dev.tenon.galley.source;

import dev.tenon.spi.config.ConfigListing;
import dev.tenon.spi.config.ConfigSource;
import dev.tenon.spi.config.ConfigText;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.stream.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A directory of YAML files: those that apply wrote, one object each, and those that somebody dropped
 * there, of any name ending in {@code .yaml}, {@code .yml} or {@code .json}. Names that begin with a
 * dot are skipped.
 *
 * <p>Limits: 4 MiB a file, 10,000 files, 64 MiB in all, 16 folders deep. Not thread-safe but for
 * {@link #commit}.
 */
public final class Directory implements ConfigSource {
  /** The longest file that is read, in bytes. */
  public static final int LARGEST_FILE = 4 << 20;

  private static final int MOST_FILES = 10_000;
  private static final long LARGEST_SUM = 64L << 20;
  private static final int DEEPEST = 16;

  /** A file written so recently may be written again without a new time stamp. */
  private static final long RECENT_MILLIS = 2_000;

  private final Path root;
  private final Journal journal;
  private final Cell<ConfigListing> listing = new Cell<>();
  private Map<String, Seen> known = Map.of();

  public Directory(Path root, Disk disk) {
    this.root = root.toAbsolutePath().normalize();
    this.journal = new Journal(this.root, own(), disk);
  }

  /** Where the files lie. */
  public Path root() {
    return root;
  }

  /** The folder below the root that is galley's own; no scan looks into it. */
  public Path own() {
    return root.resolve(".tenon");
  }

  /** How a file is named in messages. */
  public String origin(String path) {
    return root.resolve(path).toString();
  }

  /** Changes files, all or none; see {@link Journal}. */
  public void commit(Map<String, String> puts, Set<String> deletes) throws IOException {
    journal.commit(puts, deletes);
  }

  /** Whether a failed {@link #commit} will be completed later nevertheless. */
  public static boolean willBeCompleted(IOException failure) {
    return failure instanceof Journal.Unfinished;
  }

  /** What was found at each {@link #scan}. */
  @Override
  public Source<ConfigListing> listing() {
    return listing;
  }

  /** Looks at every file; content that did not change is not read again. */
  public ConfigListing scan() {
    ConfigListing found = look();
    listing.set(found);
    return found;
  }

  private ConfigListing look() {
    try {
      journal.finish();
    } catch (IOException e) {
      // A set that is half written must not be seen: what is in force stays.
      return new ConfigListing(List.of(), false, List.of(problem(own(), "an earlier change could not be completed: " + reason(e))));
    }
    Walk walk = new Walk();
    try {
      Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEEPEST, walk);
    } catch (IOException e) {
      walk.failed(root, e);
    }
    known = walk.files;
    return new ConfigListing(walk.files.values().stream().map(Seen::text).toList(), walk.whole, walk.problems);
  }

  private static Finding problem(Path path, String message) {
    return new Finding(Finding.Severity.ERROR, "TEN0100", Position.of(path.toString()), "", message);
  }

  /** An exception's message, which for files is often just the name. */
  public static String reason(IOException e) {
    String name = e.getClass().getSimpleName().replace("Exception", "");
    return e.getMessage() == null ? name : name.equals("IO") ? e.getMessage() : name + " " + e.getMessage();
  }

  /** When and how large a file was, and which. */
  private record Stamp(long size, long modified, Object key, boolean settled) {}

  /** A file as it was found, and how it looked from outside. */
  private record Seen(Stamp stamp, ConfigText text) {}

  private final class Walk extends SimpleFileVisitor<Path> {
    final Map<String, Seen> files = new TreeMap<>();
    final List<Finding> problems = new ArrayList<>();
    private final Map<String, Integer> tooMany = new HashMap<>();
    private long sum;
    boolean whole = true;

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      return !directory.equals(root) && hidden(directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isDirectory() && !hidden(file)) {
        problems.add(problem(file, "is nested deeper than " + DEEPEST + " folders; move it up"));
      }
      if (attributes.isDirectory() || hidden(file) || !isYaml(file) || !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        return FileVisitResult.CONTINUE;
      }
      if (files.size() >= MOST_FILES) {
        if (tooMany.merge("files", 1, Integer::sum) == 1) {
          problems.add(problem(root, "holds more than " + MOST_FILES + " files; those from " + file + " on are not read"));
        }
        return FileVisitResult.CONTINUE;
      }
      String path = String.join("/", Collections.list(names(root.relativize(file))));
      files.put(path, file(path, file, attributes));
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      failed(file, e);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @org.jspecify.annotations.Nullable IOException e) {
      if (e != null) {
        failed(directory, e);
      }
      return FileVisitResult.CONTINUE;
    }

    void failed(Path path, IOException e) {
      // A file that was there a moment ago and is not any more is no problem.
      if (path.equals(root) || Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        whole = whole && e instanceof FileSystemLoopException;
        problems.add(problem(path, "cannot be read: " + reason(e)));
      }
    }

    private Seen file(String path, Path file, BasicFileAttributes attributes) {
      long modified = attributes.lastModifiedTime().toMillis();
      Object key = attributes.fileKey() == null ? path : attributes.fileKey();
      boolean settled = System.currentTimeMillis() - modified > RECENT_MILLIS;
      Stamp stamp = new Stamp(attributes.size(), attributes.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS), key, settled);
      Seen before = known.get(path);
      if (before != null && settled && stamp.equals(before.stamp())) {
        sum += attributes.size();
        return before;
      }
      return read(path, file, stamp, modified);
    }

    private Seen read(String path, Path file, Stamp stamp, long modified) {
      String text = "";
      List<Finding> found = new ArrayList<>();
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
        sum += bytes.length;
        if (bytes.length > LARGEST_FILE) {
          found.add(problem(file, "is larger than " + LARGEST_FILE + " bytes; split it into several files"));
        } else if (sum > LARGEST_SUM) {
          found.add(problem(file, "is not read: all files together are larger than " + LARGEST_SUM + " bytes"));
        } else {
          text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        }
      } catch (CharacterCodingException e) {
        found.add(problem(file, "is not UTF-8; save it as UTF-8"));
      } catch (IOException e) {
        found.add(problem(file, "cannot be read: " + reason(e)));
      }
      return new Seen(stamp, new ConfigText(path, file.toString(), text, found, Instant.ofEpochMilli(modified)));
    }

    private static boolean isYaml(Path file) {
      String name = String.valueOf(file.getFileName());
      return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    }

    private static boolean hidden(Path path) {
      return String.valueOf(path.getFileName()).startsWith(".");
    }

    private static java.util.Enumeration<String> names(Path path) {
      List<String> names = new ArrayList<>();
      path.forEach(each -> names.add(each.toString()));
      return Collections.enumeration(names);
    }
  }
}
