package dev.tenon.agent.join;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease id on disk, so that a restarted agent comes back to its lease. Not forced to the disk: one
 * that is lost is replaced by a new one, for the registry knows the workload by its address too.
 */
public final class LeaseIdFile {
  private static final int MOST_BYTES = 64;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Logger LOG = LoggerFactory.getLogger(LeaseIdFile.class);

  private final Path file;

  public LeaseIdFile(Path file) {
    this.file = file;
  }

  /** The id last stored; empty when there is none, or none that can be used. */
  String load() {
    try (var in = Files.newInputStream(file)) {
      String id = new String(in.readNBytes(MOST_BYTES + 1), java.nio.charset.StandardCharsets.UTF_8).strip();
      return ID.matcher(id).matches() ? id : "";
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      LOG.warn("the lease id in {} cannot be read, asking for a new lease: {}", file, e.toString());
      return "";
    }
  }

  void store(String id) {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(partial, id + "\n");
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.warn("the lease id cannot be kept in {}; after a restart the workload asks for a new lease: {}", file, e.toString());
    }
  }
}
