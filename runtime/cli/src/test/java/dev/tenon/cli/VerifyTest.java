package dev.tenon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.kernel.boot.BootOptions;
import dev.tenon.kernel.boot.Kernel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.KeyStore.PrivateKeyEntry;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tenon module verify} with a key made by keytool, as an operator's is. */
class VerifyTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir Path folder;
  private Path certificates = Path.of("");
  private Path jar = Path.of("");

  @BeforeEach
  void signed() throws Exception {
    certificates = Files.createDirectory(folder.resolve("trusted"));
    Path plain = folder.resolve("plain.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(plain))) {
      out.putNextEntry(new ZipEntry("META-INF/services/dev.tenon.spi.policy.AdapterFactory"));
      out.write("sample.Factory\n".getBytes(StandardCharsets.US_ASCII));
    }
    jar = folder.resolve("guard-1.2.jar");
    try (ZipFile in = new ZipFile(plain.toFile()); OutputStream out = Files.newOutputStream(jar)) {
      new JarSigner.Builder(key()).build().sign(in, out);
    }
  }

  private PrivateKeyEntry key() throws Exception {
    Path store = folder.resolve("keys.p12");
    keytool("-genkeypair", "-alias", "release", "-keyalg", "EC", "-dname", "CN=Release", "-ext", "eku=codeSigning", "-keystore", store.toString());
    keytool("-exportcert", "-rfc", "-alias", "release", "-keystore", store.toString(), "-file", certificates.resolve("release.pem").toString());
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    return (PrivateKeyEntry) keys.getEntry("release", new KeyStore.PasswordProtection(PASSWORD));
  }

  private static void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        "-J-XX:TieredStopAtLevel=1", "-storepass", new String(PASSWORD), "-storetype", "PKCS12"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private String verify(int exit, String... more) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (PrintStream both = new PrintStream(said, true, StandardCharsets.UTF_8)) {
      System.setOut(both);
      System.setErr(both);
      List<String> call = new java.util.ArrayList<>(List.of("module", "verify", jar.toString()));
      call.addAll(List.of(more));
      assertThat(Tenon.commandLine().execute(call.toArray(String[]::new))).isEqualTo(exit);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    return said.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aJarIsJudgedByCertificatesThatLieHere() throws Exception {
    assertThat(verify(0, "--certificates", certificates.toString())).contains("guard").contains("1.2").contains("CN=Release");
    try (FileSystem zip = FileSystems.newFileSystem(jar, Map.of("create", "false"))) {
      Files.writeString(zip.getPath("/evil.txt"), "evil");
    }
    assertThat(verify(1, "--certificates", certificates.toString())).contains("evil.txt, which no signature covers");
  }

  @Test
  void aJarIsJudgedByWhatAProcessTrusts() throws Exception {
    Path home = Files.createDirectories(folder.resolve("home"));
    Files.createDirectories(home.resolve("modules"));
    Files.createDirectories(home.resolve("profiles"));
    Files.writeString(home.resolve("profiles/test.yaml"), "profile: test\nkernel: {loops: 1}\n");
    Files.writeString(home.resolve("platform.exports"), "org.slf4j\n");
    String run = folder.resolve("run").toString();
    try (Kernel kernel = Kernel.start(new BootOptions(home, "0.1.0", "test", List.of(), List.of("run.directory=" + run)))) {
      assertThat(kernel.modules().status()).isEmpty();
      assertThat(verify(1, "--target", run)).contains("CN=Release").contains("whom nobody here trusts");
    }
    try (Kernel kernel = Kernel.start(new BootOptions(home, "0.1.0", "test", List.of(), List.of("run.directory=" + run,
        "kernel.trust.mode=off", "kernel.trust.certificates=[" + certificates + "]")))) {
      assertThat(kernel.modules().status()).isEmpty();
      assertThat(verify(0, "--target", run)).contains("CN=Release");
    }
  }
}
