package dev.tenon.citadel.sign;

import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/** Keys of the curve P-256: made, read, compared. */
public final class Keys {
  private static final String CURVE = "secp256r1";
  private static final String PUBLIC = "PUBLIC KEY";
  private static final String PRIVATE = "PRIVATE KEY";

  private Keys() {}

  static KeyPair make() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(CURVE));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  /** Both halves, so that the public one need not be computed. */
  static byte[] pem(KeyPair pair) {
    String text = Pem.block(PRIVATE, pair.getPrivate().getEncoded()) + Pem.block(PUBLIC, pair.getPublic().getEncoded());
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static KeyPair read(byte[] pem) throws GeneralSecurityException {
    KeyFactory factory = KeyFactory.getInstance("EC");
    PrivateKey secret = factory.generatePrivate(new PKCS8EncodedKeySpec(Pem.content(PRIVATE, pem)));
    return new KeyPair(factory.generatePublic(new X509EncodedKeySpec(Pem.content(PUBLIC, pem))), secret);
  }

  /**
   * Reads a host's public key.
   *
   * @param encoded SubjectPublicKeyInfo, DER
   * @throws GeneralSecurityException when it is no key of P-256
   */
  public static PublicKey publicKey(byte[] encoded) throws GeneralSecurityException {
    PublicKey key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded));
    AlgorithmParameters wanted = AlgorithmParameters.getInstance("EC");
    wanted.init(new ECGenParameterSpec(CURVE));
    ECParameterSpec curve = wanted.getParameterSpec(ECParameterSpec.class);
    if (!(key instanceof ECPublicKey ec) || !ec.getParams().getCurve().equals(curve.getCurve())
        || !ec.getParams().getGenerator().equals(curve.getGenerator())) {
      throw new GeneralSecurityException("not a key of the curve P-256");
    }
    return key;
  }

  /** Whether a signature was made with a key's other half. */
  public static boolean signed(PublicKey key, byte[] message, byte[] signature) {
    try {
      Signature check = Signature.getInstance("SHA256withECDSA");
      check.initVerify(key);
      check.update(message);
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** SHA-256 of a key's SubjectPublicKeyInfo, in hexadecimal digits. */
  public static String fingerprint(PublicKey key) {
    return sha256(key.getEncoded());
  }

  /** SHA-256, in hexadecimal digits. */
  public static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
