package dev.tenon.kernel.serve;

import dev.tenon.kernel.admit.Peers;
import dev.tenon.kernel.ports.Doors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The administration socket: a file that only its owner may open, and that asks the system who did. It is bound in a private folder and
 * moved into place when its mode is set, so that it is never open to others, not even for a moment.
 */
public final class AdminSocket implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AdminSocket.class);

  /** What Linux's {@code sockaddr_un} holds, less the closing zero. */
  private static final int LONGEST_PATH = 107;

  private final Path path;

  private AdminSocket(Path path) {
    this.path = path;
  }

  /** Listens; a file left there by a process that was killed is replaced. */
  public static AdminSocket open(Path path, Doors doors, Front front) throws IOException {
    if (path.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
      throw new IOException("the path " + path + " is longer than a Unix socket's may be (" + LONGEST_PATH
          + " bytes); choose a shorter run.directory");
    }
    Path folder = path.resolveSibling(".s");
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    Path hidden = folder.resolve("s");
    Files.deleteIfExists(hidden);
    Peers peers = Peers.of(folder);
    doors.listen(hidden, connection -> {
      if (peers.admit(connection)) {
        front.take(connection);
      } else {
        connection.unsafe().closeForcibly();
      }
    });
    Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rw-------"));
    Files.move(hidden, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    Files.delete(folder);
    return new AdminSocket(path);
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      log.warn("{} could not be deleted: {}", path, e.toString());
    }
  }
}
