package dev.tenon.cli.vm;

import dev.tenon.cli.client.Refused;
import dev.tenon.spi.trust.HostCredential;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;

/** Where a host keeps what belongs to its membership; of mode 0700, its files of mode 0600. */
record HostFolder(Path directory) {
  /** Root's belongs to the machine, another user's to him. */
  static Path usual() {
    if (System.getProperty("user.name", "").equals("root")) {
      return Path.of("/var/lib/tenon/host");
    }
    String state = System.getenv("XDG_STATE_HOME");
    Path base = state == null || state.isBlank() ? Path.of(System.getProperty("user.home", "."), ".local", "state") : Path.of(state);
    return base.resolve("tenon/host");
  }

  HostCredential credential() {
    return new HostCredential(directory.resolve("credential"));
  }

  Path run() {
    return directory.resolve("run");
  }

  Path settings() {
    return directory.resolve("host.yaml");
  }

  Path workload() {
    return directory.resolve("workload.yaml");
  }

  Path token() {
    return credential().directory().resolve("token");
  }

  boolean joined() {
    return Files.exists(credential().certificate());
  }

  void make() throws IOException {
    for (Path each : new Path[] {directory, credential().directory()}) {
      Files.createDirectories(each);
      Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** Whole or not at all, on the disk when this returns. */
  void write(Path file, String text) throws IOException {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    Files.deleteIfExists(partial);
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (FileChannel channel = FileChannel.open(partial, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)) {
      ByteBuffer rest = StandardCharsets.UTF_8.encode(text);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Refuses what cannot be a membership's. */
  HostFolder checked() {
    if (!joined()) {
      throw new Refused("this host has not joined: there is no credential in " + credential().directory() + ". 'tenon vm join' joins; --directory names another place");
    }
    return this;
  }
}
