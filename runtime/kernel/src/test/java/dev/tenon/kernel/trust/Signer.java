package dev.tenon.kernel.trust;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.ZipFile;
import javax.security.auth.x500.X500Principal;
import jdk.security.jarsigner.JarSigner;

/** A key with its certificate, and what jarsigner does with it. */
public final class Signer {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final AtomicLong SERIALS = new AtomicLong(1000);
  private final KeyPair keys;
  private final List<X509Certificate> chain;

  private Signer(KeyPair keys, List<X509Certificate> chain) {
    this.keys = keys;
    this.chain = chain;
  }

  /** Issued by itself, for signing code, valid now. */
  public static Signer of(String name) throws Exception {
    return of(name, Issue.Use.CODE, Instant.now().minus(HOUR), Instant.now().plus(HOUR));
  }

  /** Issued by itself, for a server of that name. */
  public static Signer server(String name) throws Exception {
    return of(name, Issue.Use.SERVER, Instant.now().minus(HOUR), Instant.now().plus(HOUR));
  }

  /** Issued by itself. */
  static Signer of(String name, Issue.Use use, Instant from, Instant to) throws Exception {
    return made(name, use, from, to, null);
  }

  /** Somebody who issues certificates to others. */
  static Signer authority(String name) throws Exception {
    return of(name, Issue.Use.AUTHORITY, Instant.now().minus(HOUR), Instant.now().plus(HOUR));
  }

  /** Issues a certificate to somebody else. */
  Signer issue(String name) throws Exception {
    return made(name, Issue.Use.CODE, Instant.now().minus(HOUR), Instant.now().plus(HOUR), this);
  }

  private static Signer made(String name, Issue.Use use, Instant from, Instant to, @org.jspecify.annotations.Nullable Signer issuer)
      throws Exception {
    KeyPair keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
    X500Principal subject = new X500Principal("CN=" + name);
    X509Certificate own = Issue.certificate(subject, keys.getPublic(), BigInteger.valueOf(SERIALS.incrementAndGet()), use, from, to,
        issuer == null ? subject : issuer.chain.getFirst().getSubjectX500Principal(), (issuer == null ? keys : issuer.keys).getPrivate());
    List<X509Certificate> chain = new ArrayList<>(List.of(own));
    if (issuer != null) {
      chain.addAll(issuer.chain);
    }
    return new Signer(keys, chain);
  }

  /** Writes its certificate. */
  public Path certificate(Path file) throws Exception {
    return Files.writeString(file, pem("CERTIFICATE", chain.getFirst().getEncoded()));
  }

  /** Writes its key. */
  public Path key(Path file) throws Exception {
    return Files.writeString(file, pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
  }

  /** Writes a list of revoked certificates that names one which it issued. */
  Path revoke(Signer other, Path file) throws Exception {
    return Files.writeString(file, pem("X509 CRL", Issue.revocation(other.chain.getFirst().getSerialNumber(),
        chain.getFirst().getSubjectX500Principal(), keys.getPrivate())));
  }

  private static String pem(String what, byte[] content) {
    return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + what + "-----\n";
  }

  /** Signs a jar in its place. */
  public Path sign(Path jar) throws Exception {
    Path signed = Files.createTempFile(jar.getParent(), "signed", ".tmp");
    try (ZipFile in = new ZipFile(jar.toFile()); OutputStream out = Files.newOutputStream(signed)) {
      new JarSigner.Builder(keys.getPrivate(), CertificateFactory.getInstance("X.509").generateCertPath(chain)).build().sign(in, out);
    } catch (IOException e) {
      Files.deleteIfExists(signed);
      throw e;
    }
    return Files.move(signed, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
