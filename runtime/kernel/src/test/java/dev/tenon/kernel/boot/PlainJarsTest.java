package dev.tenon.kernel.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.kernel.swap.Status;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.policy.AdapterFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars of every kind in the drop folder, and what those are told that were built against something else. */
class PlainJarsTest {
  private static final Duration EFFECTIVE = Duration.ofSeconds(60);
  private static final String SERVICE = "META-INF/services/dev.tenon.spi.policy.AdapterFactory";
  private static final String FACTORY = """
      public %s Factory implements dev.tenon.spi.policy.AdapterFactory {
        public String name() { return %s; }
        public java.util.Set<dev.tenon.spi.policy.Template> templates() { return java.util.Set.of(); }
        public dev.tenon.spi.policy.Adapter build(dev.tenon.spi.config.Fields params) { %s }
      }
      """;

  @TempDir Path folder;
  private Path plugins = Path.of("");
  private Kernel kernel;

  @BeforeEach
  void start() throws Exception {
    Path home = TestHome.make(folder.resolve("home"));
    plugins = folder.resolve("run/plugins");
    BootOptions options = new BootOptions(home, "0.1.0", "test", List.of(), List.of("run.directory=" + folder.resolve("run")));
    Node.Mapping all = Settings.read(options);
    kernel = Kernel.start(options, KernelSettings.read(all, "test"), all);
    kernel.awaitStart();
  }

  @AfterEach
  void close() {
    kernel.close();
  }

  private Jars jar() throws IOException {
    return new Jars(Files.createTempDirectory(folder, "jar"));
  }

  /** A factory whose name is what an expression says, and whose build does something. */
  private Jars factory(String name, String build) throws IOException {
    return jar().source("Factory", FACTORY.formatted("final class", name, build));
  }

  private Jars plain(String name, String build) throws IOException {
    return factory(name, build).file(SERVICE, "sample.Factory\n");
  }

  private List<String> adapters() {
    AtomicReference<List<Offer<AdapterFactory>>> seen = new AtomicReference<>(List.of());
    kernel.offers().offers(AdapterFactory.class).subscribe(seen::set).close();
    return Objects.requireNonNull(seen.get()).stream().map(each -> each.service().name()).sorted().toList();
  }

  private void awaitAdapters(String... names) {
    await().atMost(EFFECTIVE).untilAsserted(() -> assertThat(adapters()).as(kernel.modules().status().toString()).containsExactly(names));
  }

  private String awaitRefusal(String module) {
    await().atMost(EFFECTIVE).untilAsserted(() -> assertThat(kernel.modules().status())
        .anyMatch(each -> each.module().equals(module) && each.state().equals("failed")));
    return kernel.modules().status().stream().filter(each -> each.module().equals(module)).map(Status::reason).findFirst().orElse("");
  }

  @Test
  void aNamedModuleMayNameItsProviderInItsDescriptorAlone() throws Exception {
    factory("\"descriptor\"", "return null;")
        .java("module-info.java", "module sample.guard { requires dev.tenon.spi; provides dev.tenon.spi.policy.AdapterFactory with sample.Factory; }")
        .write(plugins.resolve("whatever-1.0.jar"));
    awaitAdapters("descriptor");
    assertThat(kernel.modules().status()).extracting(Status::module, Status::version)
        .as("a module has a name").containsExactly(org.assertj.core.groups.Tuple.tuple("sample.guard", "1.0"));
  }

  @Test
  void aNamedModuleMayHaveAProviderMethodAndBothKindsOfNamesAreOneProvider() throws Exception {
    jar().source("Maker", """
            public final class Maker {
              public static dev.tenon.spi.policy.AdapterFactory provider() { return new Factory(); }
            }
            """)
        .source("Factory", FACTORY.formatted("final class", "\"made\"", "return null;"))
        .java("module-info.java", "module sample.guard { requires dev.tenon.spi; provides dev.tenon.spi.policy.AdapterFactory with sample.Maker; }")
        .file(SERVICE, "sample.Maker\n")
        .write(plugins.resolve("guard.jar"));
    awaitAdapters("made");
  }

  @Test
  void aJarForSeveralReleasesIsTakenAsItsHighestOne() throws Exception {
    Path named = factory("Word.WORD.toString()", "return null;")
        .source("Word", "final class Word { static final Object WORD = \"new\"; }")
        .java("module-info.java", "module sample.releases { requires dev.tenon.spi; provides dev.tenon.spi.policy.AdapterFactory with sample.Factory; }")
        .write(folder.resolve("named.jar"));
    factory("Word.WORD.toString()", "return null;")
        .source("Word", "final class Word { static final Object WORD = \"old\"; }")
        .header("Multi-Release", "true")
        .file("META-INF/versions/21/module-info.class", entry(named, "module-info.class"))
        .file("META-INF/versions/21/sample/Word.class", entry(named, "sample/Word.class"))
        .write(plugins.resolve("releases.jar"));
    awaitAdapters("new");
    assertThat(kernel.modules().status()).extracting(Status::module).containsExactly("sample.releases");
  }

  private Path entry(Path jar, String name) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile()); InputStream in = zip.getInputStream(zip.getEntry(name))) {
      return Files.write(Files.createTempFile(folder, "entry", ""), in.readAllBytes());
    }
  }

  @Test
  void twoAdaptersEachKeepTheirOwnVersionOfOneLibrary() throws Exception {
    for (String version : new String[] {"1", "2"}) {
      Path library = jar().java("library/Library.java",
          "package library; public final class Library { public static String version() { return \"" + version + "\"; } }")
          .write(folder.resolve("library-" + version + ".jar"));
      plain("library.Library.version()", "return null;")
          .java("library/Library.java", "package library; public final class Library { public static String version() { return null; } }")
          .without("library/Library.class")
          .file("lib/library.jar", library)
          .write(plugins.resolve("adapter" + version + ".jar"));
    }
    awaitAdapters("1", "2");
  }

  @Test
  void aBundleMayRegisterAnAdapterInsteadOfAModule() throws Exception {
    factory("\"registered\"", "return null;")
        .bundle("guard")
        .header("Import-Package", "org.osgi.framework,dev.tenon.spi.policy;version=\"[1.0,2)\",dev.tenon.spi.config;version=\"[1.0,2)\"")
        .source("Activator", """
            public final class Activator implements org.osgi.framework.BundleActivator {
              public void start(org.osgi.framework.BundleContext context) {
                context.registerService(dev.tenon.spi.policy.AdapterFactory.class, new Factory(), null);
              }
              public void stop(org.osgi.framework.BundleContext context) {}
            }
            """)
        .write(plugins.resolve("guard.jar"));
    awaitAdapters("registered");
    Files.delete(plugins.resolve("guard.jar"));
    awaitAdapters();
  }

  @Test
  void aJarForANewerSpiIsToldThePackageAndBothVersions() throws Exception {
    plain("\"x\"", "return null;").header("Tenon-SPI", "dev.tenon.spi.config;version=1.0,dev.tenon.spi.policy;version=\"1.7\"")
        .write(plugins.resolve("plain.jar"));
    assertThat(awaitRefusal("plain")).contains("built against dev.tenon.spi.policy 1.7.0").contains("has it in 1.0.0").contains("too new");
    plain("\"x\"", "return null;").bundle("bundle").header("Import-Package", "dev.tenon.spi.policy;version=\"[1.7,2)\"")
        .header("Bundle-Activator", "").write(plugins.resolve("bundle.jar"));
    assertThat(awaitRefusal("bundle")).contains("dev.tenon.spi.policy 1.7.0").contains("1.0.0").contains("too new");
    plain("\"x\"", "return null;").header("Tenon-SPI", "dev.tenon.spi.teleport;version=1.0").write(plugins.resolve("teleport.jar"));
    assertThat(awaitRefusal("teleport")).contains("dev.tenon.spi.teleport 1.0.0").contains("does not have");
  }

  @Test
  void aJarForAnOlderSpiIsToldThePackageAndBothVersions() throws Exception {
    plain("\"x\"", "return null;").header("Tenon-SPI", "dev.tenon.spi.policy;version=0.9").write(plugins.resolve("plain.jar"));
    assertThat(awaitRefusal("plain")).contains("built against dev.tenon.spi.policy 0.9.0").contains("has it in 1.0.0").contains("too old");
    jar().source("Factory", """
            public final class Factory implements dev.tenon.spi.policy.AdapterFactory {
              public String name() { return "x"; }
            }
            """)
        .java("dev/tenon/spi/policy/AdapterFactory.java", "package dev.tenon.spi.policy; public interface AdapterFactory { String name(); }")
        .without("dev/tenon/spi/policy/AdapterFactory.class").file(SERVICE, "sample.Factory").write(plugins.resolve("narrow.jar"));
    assertThat(awaitRefusal("narrow")).contains("(…) in sample.Factory").contains("dev.tenon.spi.policy.AdapterFactory asks for in version 1.0.0")
        .contains("too old");
  }

  @Test
  void aJarThatUsesATypeOrMethodThatIsGoneIsToldWhich() throws Exception {
    plain("dev.tenon.spi.policy.Gone.NAME.toString()", "return null;")
        .java("dev/tenon/spi/policy/Gone.java", "package dev.tenon.spi.policy; public final class Gone { public static final Object NAME = 1; }")
        .without("dev/tenon/spi/policy/Gone.class").header("Tenon-SPI", "dev.tenon.spi.policy;version=1.0").write(plugins.resolve("type.jar"));
    assertThat(awaitRefusal("type")).contains("uses dev.tenon.spi.policy.Gone").contains("version 1.0.0").contains("built against 1.0.0");
    plain("\"x\"", "((dev.tenon.spi.stream.Subscription) null).pause(3); return null;")
        .java("dev/tenon/spi/stream/Subscription.java",
            "package dev.tenon.spi.stream; public interface Subscription extends AutoCloseable { void pause(int seconds); void close(); }")
        .without("dev/tenon/spi/stream/Subscription.class").write(plugins.resolve("method.jar"));
    assertThat(awaitRefusal("method")).contains("uses dev.tenon.spi.stream.Subscription.pause(…)").contains("dev.tenon.spi.stream")
        .contains("version 1.0.0").contains("does not say what it was built against");
  }

  @Test
  void aMissingImportNamesThePackageAndWhoCouldGiveIt() throws Exception {
    Files.writeString(folder.resolve("home/platform.exports"), """
        # jar: netty-buffer-4.2.18.Final.jar
        io.netty.buffer;version="4.2.18"
        # jar: picocli-4.7.7.jar
        # kept: picocli
        """, java.nio.file.StandardOpenOption.APPEND);
    plain("\"x\"", "return null;").bundle("bundle").header("Bundle-Activator", "").header("Import-Package",
        "dev.tenon.spi.policy,dev.tenon.spi.config,io.netty.buffer;version=\"[5.0,6)\",picocli,com.example.nowhere;version=\"[2,3)\",com.example.maybe;resolution:=optional")
        .write(plugins.resolve("bundle.jar"));
    assertThat(awaitRefusal("bundle"))
        .contains("imports io.netty.buffer from version 5.0.0 to below 6.0.0, and this process has it in 4.2.18 (netty-buffer-4.2.18.Final.jar)")
        .contains("imports picocli, which picocli-4.7.7.jar of the platform holds for itself alone")
        .contains("imports com.example.nowhere from version 2.0.0 to below 3.0.0, which nothing in this process holds").contains("lib/")
        .doesNotContain("maybe");
  }
}
