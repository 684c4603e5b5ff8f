package dev.tenon.registry.consul.share;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The name of a session, on disk. Losing it costs no more than the time until Consul ends that session. */
final class SessionFile {
  private static final Logger log = LoggerFactory.getLogger(SessionFile.class);
  private static final int LENGTH = 36;

  private final Path file;

  SessionFile(Path file) {
    this.file = file;
  }

  Optional<String> read() {
    try (InputStream in = Files.newInputStream(file)) {
      String text = new String(in.readNBytes(LENGTH + 1), StandardCharsets.US_ASCII);
      return text.matches("[0-9a-f-]{" + LENGTH + "}") ? Optional.of(text) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  void write(String id) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.deleteIfExists(part);
      Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(part, id);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      log.warn("the session that holds the leases cannot be kept on disk; after a restart they wait until it ends: {}", e.toString());
    }
  }
}
