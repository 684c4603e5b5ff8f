package dev.tenon.kernel.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.kernel.load.Untrusted;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose jars are let in. */
class TrustTest {
  @TempDir Path folder;
  private Path store = Path.of("");
  private int jars;

  @BeforeEach
  void store() throws IOException {
    store = Files.createDirectory(folder.resolve("trusted"));
  }

  private Path jar() throws IOException {
    Path jar = folder.resolve("jar" + ++jars + ".jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    manifest.getMainAttributes().putValue("Tenon-Module", "sample");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      for (String name : List.of("sample/A.class", "sample/B.class")) {
        out.putNextEntry(new ZipEntry(name));
        out.write(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      }
    }
    return jar;
  }

  /** Changes a jar as somebody would who does not have the key. */
  private static Path tamper(Path jar, String entry, String text) throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(jar, Map.of("create", "false"))) {
      Files.createDirectories(zip.getPath("/" + entry).getParent());
      Files.writeString(zip.getPath(entry), text);
    }
    return jar;
  }

  private Trust trust() throws IOException {
    return Trust.of(Trust.Mode.REQUIRE, List.of(store));
  }

  private String refusal(Path jar) throws IOException {
    return switch (trust().verify(jar)) {
      case Verdict.Trusted trusted -> "trusted: " + trusted.signer();
      case Verdict.Refused refused -> refused.reason();
    };
  }

  @Test
  void aSignerWhoseCertificateIsInTheStoreIsTrustedByName() throws Exception {
    Signer acme = Signer.of("Acme");
    acme.certificate(store.resolve("acme.pem"));
    assertThat(trust().verify(acme.sign(jar()))).isInstanceOfSatisfying(Verdict.Trusted.class, trusted -> {
      assertThat(trusted.signer()).startsWith("CN=Acme (sha256 ");
      assertThat(Instant.ofEpochSecond(trusted.until())).isAfter(Instant.now());
    });
  }

  @Test
  void anAuthorityInTheStoreSpeaksForThoseToWhomItIssued() throws Exception {
    Signer authority = Signer.authority("Authority");
    authority.certificate(store.resolve("ca.crt"));
    assertThat(refusal(authority.issue("Release").sign(jar()))).startsWith("trusted: CN=Release");
    Signer namesake = Signer.authority("Authority");
    assertThat(refusal(namesake.issue("Release").sign(jar()))).contains("CN=Release").contains("does not hold up to CN=Authority");
  }

  @Test
  void aListOfRevokedCertificatesTakesOneBackAmongThoseOfAnAuthority() throws Exception {
    Signer authority = Signer.authority("Authority");
    authority.certificate(store.resolve("ca.pem"));
    Signer lost = authority.issue("Lost");
    authority.revoke(lost, store.resolve("revoked.crl"));
    assertThat(refusal(lost.sign(jar()))).contains("CN=Lost").contains("is revoked");
    assertThat(refusal(authority.issue("Kept").sign(jar()))).startsWith("trusted: CN=Kept");
  }

  @Test
  void aSignerWhoIsNoAuthoritySpeaksForItselfAlone() throws Exception {
    Signer acme = Signer.of("Acme");
    acme.certificate(store.resolve("acme.pem"));
    assertThat(refusal(acme.issue("Friend of Acme").sign(jar()))).contains("CN=Friend of Acme").contains("whom nobody here trusts");
  }

  @Test
  void aStrangerAndAnUnsignedJarAreRefused() throws Exception {
    Signer.of("Acme").certificate(store.resolve("acme.pem"));
    assertThat(refusal(Signer.of("Stranger").sign(jar()))).contains("CN=Stranger").contains("kernel.trust.certificates");
    assertThat(refusal(jar())).startsWith("is not signed");
  }

  @Test
  void aCertificateCountsBetweenItsDates() throws Exception {
    Instant now = Instant.now();
    Signer late = Signer.of("Late", Issue.Use.CODE, now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)));
    Signer early = Signer.of("Early", Issue.Use.CODE, now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(2)));
    late.certificate(store.resolve("late.pem"));
    early.certificate(store.resolve("early.pem"));
    assertThat(refusal(late.sign(jar()))).contains("CN=Late").contains("expired at " + now.minus(Duration.ofDays(1)).toString().substring(0, 10));
    assertThat(refusal(early.sign(jar()))).contains("CN=Early").contains("not valid before");
  }

  @Test
  void aCertificateForSomethingElseDoesNotSign() throws Exception {
    Signer server = Signer.of("Server", Issue.Use.SERVER, Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
    server.certificate(store.resolve("server.pem"));
    assertThat(refusal(server.sign(jar()))).contains("not for signing code");
  }

  @Test
  void whatWasChangedAfterSigningIsRefused() throws Exception {
    Signer acme = Signer.of("Acme");
    acme.certificate(store.resolve("acme.pem"));
    assertThat(refusal(tamper(acme.sign(jar()), "sample/A.class", "evil"))).contains("changed after it was signed").contains("sample/A.class");
    assertThat(refusal(tamper(acme.sign(jar()), "sample/Evil.class", "evil"))).contains("holds sample/Evil.class, which no signature covers");
    assertThat(refusal(tamper(acme.sign(jar()), "META-INF/services/evil", "evil"))).contains("no signature covers");
    assertThat(refusal(tamper(acme.sign(jar()), "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nTenon-Module: other\n\n")))
        .contains("changed after it was signed");
  }

  @Test
  void aStoreIsReadAgainWhenAFileOfItHasSettled() throws Exception {
    Signer acme = Signer.of("Acme");
    Path jar = acme.sign(jar());
    Trust trust = trust();
    Path file = acme.certificate(store.resolve("acme.pem"));
    assertThat(trust.changed()).as("it may be half-written").isFalse();
    assertThat(trust.changed()).isTrue();
    assertThat(trust.changed()).as("said once").isFalse();
    assertThat(trust.verify(jar)).isInstanceOf(Verdict.Trusted.class);
    Files.delete(file);
    trust.changed();
    assertThat(trust.changed()).isTrue();
    assertThat(trust.verify(jar)).isInstanceOf(Verdict.Refused.class);
  }

  @Test
  void aStoreThatIsGoneTrustsNobody() throws Exception {
    Signer acme = Signer.of("Acme");
    Path file = acme.certificate(store.resolve("acme.pem"));
    Trust trust = trust();
    Files.delete(file);
    Files.delete(store);
    trust.changed();
    assertThat(trust.changed()).isTrue();
    assertThat(trust.verify(acme.sign(jar()))).isInstanceOf(Verdict.Refused.class);
  }

  @Test
  void aBadFileInTheStoreIsNamed() throws Exception {
    Files.writeString(store.resolve("acme.pem"), "hello");
    assertThatThrownBy(this::trust).isInstanceOf(IOException.class).hasMessageContaining("acme.pem").hasMessageContaining("no PEM block");
    Files.writeString(store.resolve("acme.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    assertThatThrownBy(this::trust).hasMessageContaining("PRIVATE KEY");
    assertThatThrownBy(() -> Trust.of(Trust.Mode.OFF, List.of(folder.resolve("nowhere")))).hasMessageContaining("nowhere");
  }

  @Test
  void whatComesOverTheNetworkIsSignedWhateverTheMode() throws Exception {
    Signer acme = Signer.of("Acme");
    acme.certificate(store.resolve("acme.pem"));
    Trust off = Trust.of(Trust.Mode.OFF, List.of(store));
    assertThat(off.demand(acme.sign(jar()), "operator@peer", "00")).startsWith("CN=Acme");
    Path unsigned = jar();
    assertThatThrownBy(() -> off.demand(unsigned, "operator@peer", "00")).isInstanceOf(Untrusted.class).hasMessageContaining("is not signed");
    Path copied = Files.copy(unsigned, folder.resolve("copy.jar"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(off.admit(copied, copied, "00").by()).isEmpty();
  }
}
