package dev.tenon.kernel.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.kernel.swap.Status;
import dev.tenon.kernel.trust.Signer;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Node;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code kernel.trust} means for the drop folder of a process that runs. */
class SignedJarsTest {
  private static final Duration EFFECTIVE = Duration.ofSeconds(60);
  private static final Logger AUDIT = Logger.getLogger("dev.tenon.audit.modules");

  @TempDir Path folder;
  private final List<String> audit = new CopyOnWriteArrayList<>();
  private final Handler lines = new Handler() {
    @Override
    public void publish(LogRecord line) {
      audit.add(new SimpleFormatter().formatMessage(line));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  };
  private Path home = Path.of("");
  private Path plugins = Path.of("");
  private Path store = Path.of("");
  private @Nullable Kernel kernel;

  @BeforeEach
  void prepare() throws Exception {
    home = TestHome.make(folder.resolve("home"));
    plugins = Files.createDirectories(folder.resolve("run/plugins"));
    store = Files.createDirectories(folder.resolve("trusted"));
    AUDIT.addHandler(lines);
  }

  @AfterEach
  void close() {
    AUDIT.removeHandler(lines);
    if (kernel != null) {
      kernel.close();
    }
  }

  private Kernel start(String mode, String... sets) throws Exception {
    BootOptions options = new BootOptions(home, "0.1.0", "test", List.of(), Stream.concat(Stream.of(
        "run.directory=" + folder.resolve("run"), "kernel.trust.mode=" + mode, "kernel.trust.certificates=[" + store + "]"), Stream.of(sets)).toList());
    Node.Mapping all = Settings.read(options);
    Kernel started = Kernel.start(options, KernelSettings.read(all, "test"), all);
    kernel = started;
    started.awaitStart();
    return started;
  }

  private Path module(String name, String tag) throws Exception {
    return new Jars(Files.createTempDirectory(folder, "jar"))
        .module(name, "/* " + tag + " */ return () -> {};").file("tag.txt", tag)
        .write(folder.resolve(name + tag + ".jar"));
  }

  private void drop(Path jar, String name) throws Exception {
    Path hidden = Files.copy(jar, plugins.resolve("." + name));
    Files.move(hidden, plugins.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private List<Status> status() {
    return Objects.requireNonNull(kernel).modules().status();
  }

  private void awaitState(String module, String state, String said) {
    await().atMost(EFFECTIVE).untilAsserted(() -> assertThat(status())
        .anySatisfy(each -> {
          assertThat(each.module()).isEqualTo(module);
          assertThat(each.state()).isEqualTo(state);
          assertThat(each.reason() + each.signer()).contains(said);
        }));
  }

  @Test
  void requireRunsWhatATrustedSignerSignedAndRefusesTheRest() throws Exception {
    Signer acme = Signer.of("Acme");
    acme.certificate(store.resolve("acme.pem"));
    start("require");
    drop(acme.sign(module("signed", "a")), "signed.jar");
    drop(module("unsigned", "a"), "unsigned.jar");
    awaitState("signed", "active", "CN=Acme");
    awaitState("unsigned", "failed", "is not signed");
    assertThat(audit).anyMatch(each -> each.startsWith("trusted mode=require") && each.contains("signed.jar") && each.contains("sha256=")
        && each.contains("CN=Acme"));
    assertThat(audit).filteredOn(each -> each.contains("unsigned.jar")).as("one line, however often it is looked at")
        .singleElement().asString().startsWith("refused mode=require");
  }

  @Test
  void warnRunsItWithALineAndOffWithoutAVerdict() throws Exception {
    start("warn");
    drop(module("unsigned", "a"), "unsigned.jar");
    awaitState("unsigned", "active", "");
    assertThat(audit).singleElement().asString().startsWith("untrusted mode=warn").contains("is not signed");
    Objects.requireNonNull(kernel).close();
    audit.clear();
    start("off");
    awaitState("unsigned", "active", "");
    assertThat(audit).singleElement().asString().startsWith("unchecked mode=off");
  }

  @Test
  void aSignerThatIsNoLongerTrustedLosesItsModulesAndGetsThemBackWhenItIs() throws Exception {
    Signer acme = Signer.of("Acme");
    Path certificate = acme.certificate(store.resolve("acme.pem"));
    start("require");
    drop(acme.sign(module("guest", "a")), "guest.jar");
    awaitState("guest", "active", "CN=Acme");
    Files.delete(certificate);
    await().atMost(EFFECTIVE).untilAsserted(() -> assertThat(status()).extracting(Status::module, Status::state)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("guest", "failed")));
    awaitState("guest", "failed", "whom nobody here trusts");
    acme.certificate(certificate);
    awaitState("guest", "active", "CN=Acme");
  }

  @Test
  void whereItsSignerIsRevokedTheDistributionsOwnRunsAgain() throws Exception {
    Files.copy(module("needed", "own"), home.resolve("modules/needed.jar"));
    Signer acme = Signer.of("Acme");
    Path certificate = acme.certificate(store.resolve("acme.pem"));
    start("require", "modules=[needed]");
    awaitState("needed", "active", "");
    drop(acme.sign(module("needed", "theirs")), "needed.jar");
    awaitState("needed", "active", "CN=Acme");
    Files.delete(certificate);
    await().atMost(EFFECTIVE).untilAsserted(() -> assertThat(status()).filteredOn(each -> each.state().equals("active"))
        .singleElement().satisfies(each -> assertThat(each.file()).endsWith("modules/needed.jar")));
  }

  @Test
  void theSettingsAreReadStrictly() {
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> start("always")).isInstanceOf(BadConfig.class)
        .hasMessageContaining("kernel.trust.mode").hasMessageContaining("off, warn, require");
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> start("require", "kernel.trust.certificates=[]")).isInstanceOf(BadConfig.class)
        .hasMessageContaining("kernel.trust.certificates");
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> start("require", "kernel.trust.certificates=[/nowhere/at/all]"))
        .hasMessageContaining("/nowhere/at/all");
  }
}
