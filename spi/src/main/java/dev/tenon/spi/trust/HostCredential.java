package dev.tenon.spi.trust;

import java.nio.file.Path;

/**
 * Where a host keeps what it proves itself with, all of mode 0600 in a directory of mode 0700. The certificate is replaced by a rename
 * whenever it is renewed, so whoever connects reads it anew; key and authority stay.
 *
 * @param directory set as {@code mesh.credential}
 */
public record HostCredential(Path directory) {
  /** The name in the control plane's certificate, whatever address it is reached at. */
  public static final String SERVER_NAME = "control-plane.tenon.internal";

  /** The directory as a setting names it; a relative one is of the process's working directory. */
  public static HostCredential in(String directory) {
    return new HostCredential(Path.of(directory).toAbsolutePath().normalize());
  }

  /** PEM, PKCS#8: the host's own; it never leaves the host. */
  public Path key() {
    return directory.resolve("key.pem");
  }

  /** PEM: the host's, then its issuer's. */
  public Path certificate() {
    return directory.resolve("certificate.pem");
  }

  /** PEM: who signs the control plane's certificate. */
  public Path authority() {
    return directory.resolve("authority.pem");
  }
}
