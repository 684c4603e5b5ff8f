package dev.tenon.kernel.keep;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Small files of lines of tab-separated words, mode 0600. */
public final class Lines {
  private static final long LARGEST = 16L << 20;
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private Lines() {}

  /**
   * Every line's words; none when there is no such file.
   *
   * @throws IOException when it cannot be read or is larger than 16 MiB
   */
  public static List<List<String>> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    if (Files.size(file) > LARGEST) {
      throw new IOException(file + " is larger than " + LARGEST + " bytes; move it away");
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    return text.lines().filter(each -> !each.isEmpty()).map(Lines::split).toList();
  }

  /** Writes a file anew, in one step that a crash leaves either done or not done. */
  public static void replace(Path file, List<List<String>> lines) throws IOException {
    Path folder = Objects.requireNonNull(file.getParent(), "a file in a folder");
    Path made = Files.createTempFile(folder, ".new", "", PRIVATE);
    try {
      Files.writeString(made, lines.stream().map(each -> join(each) + "\n").collect(Collectors.joining()));
      sync(made);
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
      sync(folder);
    } finally {
      Files.deleteIfExists(made);
    }
  }

  /** Writes one more line at the end; a crash may leave a part of it. */
  static void append(FileChannel file, List<String> words) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((join(words) + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  static FileChannel opened(Path file) throws IOException {
    return FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), PRIVATE);
  }

  /** Returns when a file, or the names in a folder, are on the disk. */
  static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static String join(List<String> words) {
    return words.stream()
        .map(each -> each.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r"))
        .collect(Collectors.joining("\t"));
  }

  private static List<String> split(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\t') {
        words.add(word.toString());
        word.setLength(0);
      } else if (c == '\\' && i + 1 < line.length()) {
        char escaped = line.charAt(++i);
        word.append(escaped == 't' ? '\t' : escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped);
      } else {
        word.append(c);
      }
    }
    words.add(word.toString());
    return words;
  }
}
