package dev.tenon.kernel.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @TempDir Path home;

  @BeforeEach
  void profile() throws IOException {
    Files.createDirectories(home.resolve("profiles"));
    Files.writeString(home.resolve("profiles/sidecar.yaml"), """
        modules: [mixer, proxy]
        kernel: {loops: 1}
        workload: {name: a, labels: {app: a, version: v1}}
        """);
  }

  private BootOptions options(List<Path> configs, String... sets) {
    return new BootOptions(home, "0", "sidecar", configs, List.of(sets));
  }

  @Test
  void mappingsMergeDeeplyAndListsReplace() throws IOException {
    Path config = Files.writeString(home.resolve("own.yaml"), "modules: [proxy]\nworkload: {labels: {version: v2}}\n");
    Node.Mapping all = Settings.read(options(List.of(config), "workload.name=b", "kernel.grpc.address=127.0.0.1:1"));
    Fields fields = Fields.of(all);
    assertThat(fields.texts("modules")).containsExactly("proxy");
    Fields workload = fields.mapping("workload").orElseThrow();
    assertThat(workload.text("name")).isEqualTo("b");
    assertThat(workload.textMap("labels")).containsEntry("app", "a").containsEntry("version", "v2");
    assertThat(KernelSettings.read(all, "sidecar").grpc()).hasValueSatisfying(each -> assertThat(each.getPort()).isOne());
  }

  @Test
  void everyErrorOfEveryTextIsSaidWithItsPlace() throws IOException {
    Path broken = Files.writeString(home.resolve("broken.yaml"), "kernel:\n  loops: [\n");
    Path list = Files.writeString(home.resolve("list.yaml"), "\n- a\n");
    BadConfig bad = catchThrowableOfType(BadConfig.class,
        () -> Settings.read(options(List.of(broken, list, home.resolve("none.yaml")), "novalue", "a..b=1")));
    assertThat(bad.findings()).extracting(each -> each.at().toString())
        .containsExactly(broken + ":3:1", list + ":2:1", home.resolve("none.yaml").toString(), "--set novalue", "--set a..b");
  }

  @Test
  void theKernelsOwnSectionsAreReadStrictly() {
    Node.Mapping all = Settings.read(options(List.of(), "kernel.loops=0", "kernel.lopps=1", "kernel.grpc.address=here", "kernel.startPlugins=soon", "modules=proxy"));
    BadConfig bad = catchThrowableOfType(BadConfig.class, () -> KernelSettings.read(all, "sidecar"));
    assertThat(bad.findings()).extracting(Finding::field)
        .containsExactlyInAnyOrder("modules", "kernel.loops", "kernel.grpc.address", "kernel.startPlugins", "kernel.lopps");
  }

  @Test
  void whatListensBeyondLoopbackSpeaksTls() {
    Node.Mapping open = Settings.read(options(List.of(), "kernel.grpc.address=10.0.0.1:15010"));
    assertThat(catchThrowableOfType(BadConfig.class, () -> KernelSettings.read(open, "sidecar")))
        .hasMessageContaining("beyond loopback, where nothing is served without TLS; write it as kernel.grpc.secure");
    Node.Mapping both = Settings.read(options(List.of(), "kernel.grpc.address=127.0.0.1:15010", "kernel.grpc.secure=10.0.0.1:15012"));
    assertThat(KernelSettings.read(both, "sidecar").secure()).hasValueSatisfying(each -> assertThat(each.getPort()).isEqualTo(15012));
  }

  @Test
  void anUnknownProfileIsAnsweredWithThoseThatThereAre() {
    BadConfig bad = catchThrowableOfType(BadConfig.class,
        () -> Settings.read(new BootOptions(home, "0", "../sidecar", List.of(), List.of())));
    assertThat(bad).hasMessageContaining("there are sidecar");
  }

  @Test
  void aSetValueIsYaml() {
    Fields fields = Fields.of(Settings.read(options(List.of(), "a.text=\"1.10\"", "a.number=2", "a.empty=", "a.list=[x, y]")));
    Fields a = fields.mapping("a").orElseThrow();
    assertThat(a.text("text")).isEqualTo("1.10");
    assertThat(a.whole("number", 0, 9)).hasValue(2L);
    assertThat(a.text("empty", "fallback")).isEmpty();
    assertThat(a.texts("list")).containsExactly("x", "y");
    assertThat(a.findings()).isEmpty();
  }
}
