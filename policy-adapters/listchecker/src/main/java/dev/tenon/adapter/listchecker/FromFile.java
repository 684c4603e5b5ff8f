package dev.tenon.adapter.listchecker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file, read when it is another one or was written to. */
final class FromFile implements Provider {
  private final Path file;
  private @Nullable Seen seen;

  FromFile(Path file) {
    this.file = file;
  }

  private record Seen(@Nullable Object key, long size, FileTime written) {}

  @Override
  public Optional<String> fetch() throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    Seen now = new Seen(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
    if (now.equals(seen)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new IOException(file + " has more than " + LARGEST + " octets");
      }
      seen = now;
      return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    }
  }
}
