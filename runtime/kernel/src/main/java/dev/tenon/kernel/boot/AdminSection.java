package dev.tenon.kernel.boot;

import dev.tenon.spi.config.Fields;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code kernel.admin: {largestJar: BYTES, remote: {address: IP:PORT, certificate: FILE, key: FILE}}}.
 *
 * @param largestJar that a command may send, in bytes
 * @param remote administration from afar, if it is wanted
 */
record AdminSection(long largestJar, Optional<Remote> remote) {
  private static final long LARGEST_JAR = 256L << 20;
  private static final long LARGEST_OF_ALL = 512L << 20;

  /**
   * Administration from afar.
   *
   * @param certificate PEM
   * @param key PEM
   */
  record Remote(InetSocketAddress address, Path certificate, Path key) {}

  /** Notes in the fields what is wrong. */
  static AdminSection read(Fields kernel) {
    Optional<Fields> section = kernel.mapping("admin");
    if (section.isEmpty()) {
      return new AdminSection(LARGEST_JAR, Optional.empty());
    }
    Fields admin = section.get();
    return new AdminSection(admin.whole("largestJar", 1, LARGEST_OF_ALL).orElse(LARGEST_JAR), admin.mapping("remote").flatMap(AdminSection::remote));
  }

  private static Optional<Remote> remote(Fields remote) {
    Optional<InetSocketAddress> address = KernelSettings.address(remote, "address");
    Path certificate = Path.of(remote.text("certificate")).toAbsolutePath().normalize();
    Path key = Path.of(remote.text("key")).toAbsolutePath().normalize();
    return address.map(each -> new Remote(each, certificate, key));
  }
}
