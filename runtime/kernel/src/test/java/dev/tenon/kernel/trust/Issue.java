package dev.tenon.kernel.trust;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.security.auth.x500.X500Principal;

/** Writes certificates and lists of revoked ones, byte by byte: good ones, and those that no tool would issue. */
final class Issue {
  private static final byte[] ECDSA = sequence(hex("06082a8648ce3d040302"));
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  /** What a certificate is for, as its extensions say it. */
  enum Use {
    CODE("300e0603551d0f0101ff040403020780", "30130603551d25040c300a06082b06010505070303"),
    SERVER("300e0603551d0f0101ff040403020780", "30130603551d25040c300a06082b06010505070301"),
    AUTHORITY("300e0603551d0f0101ff040403020106", "300f0603551d130101ff040530030101ff");

    private final String extensions;

    Use(String... extensions) {
      this.extensions = String.join("", extensions);
    }
  }

  private Issue() {}

  static X509Certificate certificate(
      X500Principal subject, PublicKey key, BigInteger serial, Use use, Instant from, Instant to, X500Principal issuer, PrivateKey by)
      throws Exception {
    byte[] body = sequence(tagged(0xa0, number(BigInteger.TWO)), number(serial), ECDSA, issuer.getEncoded(),
        sequence(time(from), time(to)), subject.getEncoded(), key.getEncoded(), tagged(0xa3, sequence(hex(use.extensions))));
    return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(signed(body, by)));
  }

  /** A list with one revoked certificate on it. */
  static byte[] revocation(BigInteger serial, X500Principal issuer, PrivateKey by) throws Exception {
    Instant now = Instant.now();
    return signed(sequence(number(BigInteger.ONE), ECDSA, issuer.getEncoded(), time(now), time(now.plusSeconds(3600)),
        sequence(sequence(number(serial), time(now)))), by);
  }

  private static byte[] signed(byte[] body, PrivateKey by) throws Exception {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(by);
    signature.update(body);
    return sequence(body, ECDSA, tagged(0x03, new byte[1], signature.sign()));
  }

  private static byte[] number(BigInteger value) {
    return tagged(0x02, value.toByteArray());
  }

  private static byte[] time(Instant at) {
    return tagged(0x18, TIME.format(at).getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] sequence(byte[]... parts) {
    return tagged(0x30, parts);
  }

  private static byte[] tagged(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(tag);
    if (content.size() >= 128) {
      all.write(0x82);
      all.write(content.size() >> 8);
    }
    all.write(content.size());
    all.writeBytes(content.toByteArray());
    return all.toByteArray();
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
