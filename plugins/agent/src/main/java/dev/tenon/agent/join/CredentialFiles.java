package dev.tenon.agent.join;

import dev.tenon.spi.trust.HostCredential;
import dev.tenon.spi.trust.JoinToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** The host's key, certificates and, until it is used, token: files of mode 0600, forced to the disk and renamed into place. */
final class CredentialFiles {
  private static final int MOST_BYTES = 64 * 1024;
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String PRIVATE = "PRIVATE KEY";

  private final HostCredential credential;

  CredentialFiles(HostCredential credential) {
    this.credential = credential;
  }

  HostCredential credential() {
    return credential;
  }

  /** The certificate that was got last; empty when the host has none yet. */
  Optional<X509Certificate> certificate() throws IOException {
    Optional<byte[]> pem = read(credential.certificate());
    if (pem.isEmpty()) {
      return Optional.empty();
    }
    try {
      // The first of the file is the host's own.
      return Optional.of((X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem.get())));
    } catch (CertificateException e) {
      throw new IOException(credential.certificate() + " is no certificate", e);
    }
  }

  /** What to join with; empty when nobody left one. */
  Optional<JoinToken> token() throws IOException {
    Optional<byte[]> text = read(tokenFile());
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        JoinToken.parse(new String(text.get(), StandardCharsets.UTF_8).strip())
            .orElseThrow(() -> new IOException(tokenFile() + " holds no join token; 'tenon vm token create' on the control plane prints one")));
  }

  private Path tokenFile() {
    return credential.directory().resolve("token");
  }

  private static Optional<byte[]> read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(in.readNBytes(MOST_BYTES));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** The host's key; made when there is none, so that an attempt that is made again is the same one. */
  KeyPair key() throws IOException {
    try {
      Optional<byte[]> pem = read(credential.key());
      if (pem.isEmpty()) {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair made = generator.generateKeyPair();
        write(credential.directory().resolve("public.der"), made.getPublic().getEncoded());
        write(credential.key(), block(PRIVATE, made.getPrivate().getEncoded()).getBytes(StandardCharsets.US_ASCII));
        return made;
      }
      KeyFactory factory = KeyFactory.getInstance("EC");
      String text = new String(pem.get(), StandardCharsets.US_ASCII).replaceAll("-----[A-Z ]+-----", "");
      PrivateKey secret = factory.generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(text)));
      byte[] known = read(credential.directory().resolve("public.der")).orElseThrow(() -> new IOException("public.der is missing"));
      return new KeyPair(factory.generatePublic(new java.security.spec.X509EncodedKeySpec(known)), secret);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("the key in " + credential.directory() + " cannot be used; 'tenon vm leave' and join anew", e);
    }
  }

  /** The host is in: from now on it needs no token. */
  void joined(X509Certificate authority, List<byte[]> chain) throws IOException {
    write(credential.authority(), pem(List.of(encoded(authority))));
    renewed(chain);
    Files.deleteIfExists(tokenFile());
  }

  void renewed(List<byte[]> chain) throws IOException {
    write(credential.certificate(), pem(chain));
  }

  private static byte[] encoded(X509Certificate certificate) throws IOException {
    try {
      return certificate.getEncoded();
    } catch (CertificateException e) {
      throw new IOException(e);
    }
  }

  private static byte[] pem(List<byte[]> certificates) {
    List<String> blocks = new ArrayList<>();
    certificates.forEach(each -> blocks.add(block(CERTIFICATE, each)));
    return String.join("", blocks).getBytes(StandardCharsets.US_ASCII);
  }

  private static String block(String label, byte[] content) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  private static void write(Path file, byte[] content) throws IOException {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    Files.deleteIfExists(partial);
    try (FileChannel channel =
        FileChannel.open(
            partial,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
