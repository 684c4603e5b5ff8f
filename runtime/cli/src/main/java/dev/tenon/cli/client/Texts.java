package dev.tenon.cli.client;

import dev.tenon.wire.admin.v1.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads what {@code -f} names: a file, a directory (its YAML and JSON files, not deeper), or - for standard input. */
public final class Texts {
  private static final long MOST_BYTES = 4 << 20;

  private Texts() {}

  /** Every text, in the order named, a directory's by name. */
  public static List<Text> read(List<String> names) {
    List<Text> texts = new ArrayList<>();
    for (String name : names) {
      try {
        if (name.equals("-")) {
          texts.add(text("standard input", System.in.readNBytes((int) MOST_BYTES + 1)));
        } else {
          for (Path file : files(Path.of(name))) {
            texts.add(text(file.toString(), Files.readAllBytes(file)));
          }
        }
      } catch (NoSuchFileException e) {
        throw new Refused(name + ": no such file or directory");
      } catch (IOException | UncheckedIOException e) {
        throw new Refused(name + ": cannot be read: " + e.getMessage());
      }
    }
    return texts;
  }

  private static List<Path> files(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> entries = Files.list(path)) {
      List<Path> files =
          entries.filter(file -> file.toString().matches(".*\\.(yaml|yml|json)")).sorted().toList();
      if (files.isEmpty()) {
        throw new Refused(path + ": holds no .yaml, .yml or .json file");
      }
      return files;
    }
  }

  private static Text text(String origin, byte[] bytes) {
    if (bytes.length > MOST_BYTES) {
      throw new Refused(origin + ": is larger than 4 MiB; split it");
    }
    return Text.newBuilder().setOrigin(origin).setYaml(new String(bytes, StandardCharsets.UTF_8)).build();
  }
}
