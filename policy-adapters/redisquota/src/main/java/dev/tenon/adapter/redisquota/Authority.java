package dev.tenon.adapter.redisquota;

import dev.tenon.spi.config.Fields;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import org.jspecify.annotations.Nullable;

/** The certificates of an authority of one's own, as the store that Redis' client reads. */
final class Authority {
  static final String STORE = "PKCS12";

  /** Of a store that lies in memory alone and holds no secret. */
  static final String PASSWORD = "authority";

  private static final int LARGEST = 1 << 20;

  private final byte[] store;

  private Authority(byte[] store) {
    this.store = store;
  }

  /** The certificates of a file of PEM; null, and an error noted, when there are none. */
  static @Nullable Authority read(String file, Fields params) {
    try {
      Path path = Path.of(file);
      if (Files.size(path) > LARGEST) {
        throw new IOException("it has more than " + LARGEST + " octets");
      }
      KeyStore trusted = KeyStore.getInstance(STORE);
      trusted.load(null, null);
      int count = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(Files.readAllBytes(path)))) {
        trusted.setCertificateEntry("authority-" + count++, each);
      }
      if (count == 0) {
        throw new IOException("it has no certificate");
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      trusted.store(bytes, PASSWORD.toCharArray());
      return new Authority(bytes.toByteArray());
    } catch (IOException | GeneralSecurityException | InvalidPathException e) {
      params.error("caCertificates", "cannot be used: " + e.getMessage());
      return null;
    }
  }

  InputStream open() {
    return new ByteArrayInputStream(store);
  }
}
