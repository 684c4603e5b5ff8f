package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenon.e2e.mesh.Bookinfo;
import dev.tenon.e2e.mesh.Command;
import dev.tenon.e2e.mesh.Command.Result;
import dev.tenon.e2e.mesh.Member;
import dev.tenon.e2e.mesh.TestMesh;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The command as an operator types it: what it does, what it refuses, and what it ends with. */
@Tag("system")
class CommandTest {
  private static final Member DETAILS = Bookinfo.DETAILS;
  private static final String GOOD =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: good}
      spec:
        host: details
        subsets:
        - {name: v1, labels: {version: v1}}
      """;

  private static TestMesh mesh;

  @BeforeAll
  static void start() throws IOException {
    mesh = TestMesh.start("command").workload(DETAILS).converged(1);
  }

  @AfterAll
  static void end() throws IOException {
    if (mesh != null) {
      mesh.close();
    }
  }

  @AfterEach
  void nothingIsLeft() {
    mesh.tenon("delete", "destinationrule", "good");
    assertThat(objects()).isEmpty();
  }

  static Stream<Arguments> bad() {
    return Stream.of(
        Arguments.of("broken YAML", "kind: Gateway\nmetadata: {name: x\nspec: {}\n", "bad.yaml:3:", List.of("error")),
        Arguments.of(
            "an unknown field",
            virtualService("- route: [{destination: {host: details}}]\n    tiemout: 3s"),
            "bad.yaml:8:",
            List.of("spec.http[0].tiemout", "timeout")),
        Arguments.of(
            "a wrong type",
            virtualService("- route: [{destination: {host: details}, weight: much}]"),
            "bad.yaml:7:",
            List.of("spec.http[0].route[0].weight", "much")),
        Arguments.of(
            "an unknown kind",
            "apiVersion: networking.istio.io/v1\nkind: EnvoyFilter\nmetadata: {name: x}\nspec: {}\n",
            "bad.yaml:2:",
            List.of("EnvoyFilter")),
        Arguments.of(
            "a tab",
            "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n\tname: x\n",
            "bad.yaml:4:",
            List.of("error")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bad")
  void badInputIsRefusedWithPlaceFieldAndRemedyAndChangesNothing(
      String what, String yaml, String place, List<String> said) {
    Path good = mesh.written("good.yaml", GOOD);
    Path bad = mesh.written("bad.yaml", yaml);
    Result result = mesh.tenon("apply", "-f", good.toString(), "-f", bad.toString());
    assertThat(result.exit()).as(result.err()).isEqualTo(1);
    assertThat(result.err()).contains(place).contains(said).contains("nothing was changed");
    assertThat(result.err().lines().filter(line -> line.contains("bad.yaml"))).isNotEmpty();
    assertThat(result.out()).isEmpty();
    assertThat(objects()).isEmpty();
    assertThat(direct()).isEqualTo(200);
  }

  @Test
  void whatIsAppliedIsShownAndDeleted() {
    Path good = mesh.written("good.yaml", GOOD);
    Result applied = mesh.tenon("apply", "-f", good.toString());
    assertThat(applied.exit()).as(applied.err()).isZero();
    assertThat(applied.out()).containsIgnoringCase("destinationrule").contains("good").contains("created");
    assertThat(mesh.tenon("apply", "-f", good.toString()).out()).contains("unchanged");

    Result json = mesh.tenon("get", "destinationrules", "-o", "json");
    assertThat(json.exit()).isZero();
    assertThat(parsed(json.out())).asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST).hasSize(1);
    assertThat(json.out()).contains("\"good\"");

    Result yaml = mesh.tenon("get", "dr", "good", "-o", "yaml");
    Path again = mesh.written("again.yaml", yaml.out());
    assertThat(mesh.tenon("apply", "-f", again.toString()).out()).contains("unchanged");

    assertThat(mesh.tenon("get", "dr", "nobody").exit()).isEqualTo(1);
    Result deleted = mesh.tenon("delete", "-f", good.toString());
    assertThat(deleted.exit()).isZero();
    assertThat(deleted.out()).contains("deleted");
    Result missing = mesh.tenon("delete", "destinationrule", "good");
    assertThat(missing.exit()).isEqualTo(1);
    assertThat(missing.err()).contains("not found");
  }

  @Test
  void statusShowsEachProxyAndWhatItAcknowledged() {
    Result table = mesh.tenon("status");
    assertThat(table.exit()).isZero();
    assertThat(table.out()).contains(DETAILS.name() + ".default").contains(mesh.address(DETAILS)).contains("SYNCED");
    Result json = mesh.tenon("status", "-o", "json");
    assertThat(parsed(json.out())).isInstanceOf(Map.class);
    assertThat(json.out()).contains("\"connected\": true");
    assertThat(parsed(mesh.tenon("status", "-o", "yaml").out())).isInstanceOf(Map.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"apply", "get -o nonsense", "delete gateway", "bogus", "run --profile", "status --nonsense"})
  void aWrongCallEndsWithTwoAndSaysHowToCall(String words) {
    Result result = Command.run(mesh.distribution(), mesh.run(), words.split(" "));
    assertThat(result.exit()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).containsAnyOf("Usage", "Did you mean");
  }

  @Test
  void whoWaitsIsToldWhenEveryProxyHasTheChangeOrWhichHasNot() throws Exception {
    String good = mesh.written("good.yaml", GOOD).toString();
    long sidecar = mesh.processes().pid(DETAILS.name());
    run("kill", "-STOP", Long.toString(sidecar));
    try {
      Result late = mesh.tenon("apply", "--wait=1", "-f", good);
      assertThat(late.exit()).isEqualTo(1);
      assertThat(late.out()).contains("good (default) created");
      assertThat(late.err()).contains("the change is made, but after 1 s 1 of the proxies", DETAILS.name(), "is still being sent");
    } finally {
      run("kill", "-CONT", Long.toString(sidecar));
    }
    Result followed = mesh.tenon("delete", "--wait", "-f", good);
    assertThat(followed.exit()).as(followed.err()).isZero();
    assertThat(mesh.level(1)).as("at once, without waiting").isTrue();
  }

  @Test
  void aProcessThatIsNotThereIsNamed() {
    Path nowhere = mesh.run().resolve("nowhere.sock");
    Result result =
        Command.run(mesh.distribution(), mesh.run(), "status", "--socket", nowhere.toString());
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains(nowhere.toString());
  }

  @Test
  void aPortThatIsTakenIsNamedWithItsHolder() {
    Result second =
        Command.run(
            mesh.distribution(), mesh.run(),
            "run", "--profile", "control-plane",
            "--set", "run.directory=" + mesh.run("second"),
            "--set", "kernel.grpc.address=" + mesh.controlPlaneAddress());
    assertThat(second.exit()).isEqualTo(1);
    assertThat(second.err())
        .contains(mesh.controlPlaneAddress())
        .contains(Long.toString(mesh.processes().pid("control-plane")));
    assertThat(mesh.level(1)).isTrue();
  }

  @Test
  void aFullDiskLeavesTheOldFileWholeAndIsSaid() throws IOException {
    assumeTrue(System.getProperty("user.name").equals("root"), "only root can mount a small file system");
    Path disk = Files.createDirectory(mesh.run("disk"));
    run("mount", "-t", "tmpfs", "-o", "size=64k", "tenon-e2e", disk.toString());
    try (TestMesh small = TestMesh.start("full-disk", "galley: {directory: \"" + disk.resolve("config") + "\"}\n")) {
      assertThat(small.tenon("apply", "-f", small.written("good.yaml", GOOD).toString()).exit()).isZero();
      Map<Path, String> before = texts(disk.resolve("config"));
      assertThat(before).isNotEmpty();

      fill(disk.resolve("filler"));
      String larger = GOOD + "  - {name: v2, labels: {version: v2, much: \"" + "x".repeat(60) + "\"}}\n";
      Result refused = small.tenon("apply", "-f", small.written("larger.yaml", larger).toString());
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.err()).containsIgnoringCase("no space left");
      assertThat(texts(disk.resolve("config"))).isEqualTo(before);
      assertThat(small.tenon("get", "dr", "good", "-o", "yaml").out()).doesNotContain("v2");

      Files.delete(disk.resolve("filler"));
      assertThat(small.tenon("apply", "-f", small.run().resolve("larger.yaml").toString()).exit()).isZero();
      assertThat(small.tenon("get", "dr", "good", "-o", "yaml").out()).contains("v2");
    } finally {
      run("umount", disk.toString());
    }
  }

  /** Writes until nothing more fits. */
  private static void fill(Path file) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      byte[] page = new byte[4096];
      for (int i = 0; i < 1000; i++) {
        out.write(page);
      }
      throw new AssertionError("a disk of 64 KiB took 4 MB");
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
  }

  private static Map<Path, String> texts(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).collect(Collectors.toMap(file -> file, CommandTest::text));
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void run(String... command) throws IOException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assumeTrue(process.waitFor() == 0, String.join(" ", command) + ": " + said);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** What was applied; the entries of leases are there without. */
  private static List<?> objects() {
    Result result = mesh.tenon("get", "-o", "json");
    assertThat(result.exit()).as(result.err()).isZero();
    return ((List<?>) parsed(result.out())).stream().filter(each -> !String.valueOf(each).contains("kind=WorkloadEntry")).toList();
  }

  private static Object parsed(String text) {
    return new Load(LoadSettings.builder().build()).loadFromString(text);
  }

  private static int direct() {
    return TestMesh.get(mesh.address(DETAILS), Member.SERVICE_PORT, "/details/0", Map.of()).status();
  }

  private static String virtualService(String route) {
    return """
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata: {name: bad}
    spec:
      hosts: [details]
      http:
      %s
    """
        .formatted(route);
  }
}
