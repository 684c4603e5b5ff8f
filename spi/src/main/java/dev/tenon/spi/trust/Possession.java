package dev.tenon.spi.trust;

import java.nio.charset.StandardCharsets;

/**
 * What a host signs with its key to show that it has it (ECDSA over P-256 with SHA-256, RFC 6979's or random, in DER). It names the
 * occasion, the host and the time, so that a signature is good for nothing else and not for long.
 *
 * @param occasion {@code join} or {@code renew}
 * @param clockMillis the host's clock, milliseconds since 1970
 * @param publicKey its SubjectPublicKeyInfo (RFC 5280), DER, in hexadecimal digits
 */
public record Possession(String occasion, String namespace, String name, long clockMillis, String publicKey) {
  /** The bytes to sign. */
  public byte[] bytes() {
    return String.join("\n", "tenon-possession-v1", occasion, namespace, name, Long.toString(clockMillis), publicKey)
        .getBytes(StandardCharsets.UTF_8);
  }
}
