package dev.tenon.registry.consul.ask;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;

/**
 * Private keys in PEM (RFC 7468): PKCS #8, and what {@code consul tls cert create} writes, which is an
 * EC key by itself (RFC 5915).
 */
final class Pem {
  private static final byte[] EC_PUBLIC_KEY = {6, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int INTEGER = 0x02;
  private static final int PARAMETERS = 0xa0;

  private Pem() {}

  /**
   * The key as PKCS #8 (RFC 5208).
   *
   * @throws IOException when the file holds neither form
   */
  static byte[] key(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.US_ASCII);
    byte[] plain = block(text, "PRIVATE KEY");
    if (plain.length > 0) {
      return plain;
    }
    byte[] curve = block(text, "EC PRIVATE KEY");
    if (curve.length > 0) {
      return wrapped(curve, file);
    }
    throw new IOException(file + " holds no unencrypted key in PKCS #8 or EC form; make one with: openssl pkcs8 -topk8 -nocrypt -in KEY");
  }

  private static byte[] block(String text, String kind) {
    String begin = "-----BEGIN " + kind + "-----";
    int from = text.indexOf(begin);
    int to = text.indexOf("-----END " + kind + "-----");
    return from < 0 || to < from ? new byte[0] : Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
  }

  /** PKCS #8 round an EC key: version, algorithm with the curve that the key names, the key. */
  private static byte[] wrapped(byte[] key, Path file) throws IOException {
    return der(SEQUENCE, der(INTEGER, new byte[] {0}), der(SEQUENCE, EC_PUBLIC_KEY, curve(key, file)), der(OCTETS, key));
  }

  /** The named curve: the content of the key's first optional part, after version and private number. */
  private static byte[] curve(byte[] key, Path file) throws IOException {
    try {
      int at = content(key, 0);
      at = end(key, at);
      at = end(key, at);
      if ((key[at] & 0xff) == PARAMETERS) {
        return Arrays.copyOfRange(key, content(key, at), end(key, at));
      }
    } catch (ArrayIndexOutOfBoundsException | IllegalArgumentException e) {
      throw new IOException(file + " holds an EC key that is cut short", e);
    }
    throw new IOException(file + " holds an EC key that does not name its curve");
  }

  private static int content(byte[] der, int at) {
    int length = der[at + 1] & 0xff;
    return at + 2 + (length < 0x80 ? 0 : length & 0x7f);
  }

  private static int end(byte[] der, int at) {
    int length = der[at + 1] & 0xff;
    int content = content(der, at);
    if (length >= 0x80) {
      length = 0;
      for (int i = at + 2; i < content; i++) {
        length = (length << 8) | (der[i] & 0xff);
      }
    }
    return content + length;
  }

  private static byte[] der(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(content::writeBytes);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = content.size();
    if (length >= 0x80) {
      out.write(0x82);
      out.write(length >> 8);
    }
    out.write(length);
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }
}
