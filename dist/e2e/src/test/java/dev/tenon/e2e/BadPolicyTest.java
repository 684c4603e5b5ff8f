package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.e2e.mesh.Bookinfo;
import dev.tenon.e2e.mesh.Command.Result;
import dev.tenon.e2e.mesh.Member;
import dev.tenon.e2e.mesh.TestMesh;
import dev.tenon.wire.admin.v1.ApplyResponse;
import dev.tenon.wire.admin.v1.Finding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Bad policy is refused when it is applied, with file, line, column and what to do, and what was in force stays so. The table is {@code
 * bad-policy.txt}.
 */
@Tag("system")
class BadPolicyTest {
  private static final Member RATINGS = Bookinfo.RATINGS;
  private static final String STANDING =
      """
      apiVersion: config.istio.io/v1alpha2
      kind: handler
      metadata: {name: standing}
      spec: {compiledAdapter: denier, params: {status: {code: 7}}}
      ---
      apiVersion: config.istio.io/v1alpha2
      kind: instance
      metadata: {name: standing}
      spec: {compiledTemplate: checknothing}
      ---
      apiVersion: config.istio.io/v1alpha2
      kind: rule
      metadata: {name: standing}
      spec: {match: '(request.headers["x-user"] | "") == "eve"', actions: [{handler: standing, instances: [standing]}]}
      """;

  private static TestMesh mesh;

  @BeforeAll
  static void start() throws IOException {
    mesh = TestMesh.start("bad-policy").workload(RATINGS).converged(1);
    mesh.apply(STANDING);
    mesh.until("the rule to be in force", 20, () -> status("eve") == 403);
  }

  @AfterAll
  static void end() throws IOException {
    if (mesh != null) {
      mesh.close();
    }
  }

  private static int status(String user) {
    return TestMesh.get(mesh.address(RATINGS), Member.SERVICE_PORT, "/ratings/0", Map.of("x-user", user)).status();
  }

  private static String inForce() {
    Result got = mesh.tenon("get", "-o", "yaml");
    assertThat(got.exit()).as(got.err()).isZero();
    return got.out();
  }

  @TestFactory
  Stream<DynamicTest> everyRowOfTheTableIsRefusedInTheseWords() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (String row : table().split("(?m)^#### ", -1)) {
      if (!row.isBlank() && !row.startsWith("//")) {
        tests.add(DynamicTest.dynamicTest(row.substring(0, row.indexOf('\n')), () -> refused(row)));
      }
    }
    assertThat(tests).hasSizeGreaterThan(30);
    return tests.stream();
  }

  private static void refused(String row) {
    int arrow = row.indexOf("\n=>");
    Path file = mesh.written("f.yaml", row.substring(row.indexOf('\n') + 1, arrow + 1));
    ApplyResponse response = mesh.offer(file, false);
    List<String> errors =
        response.getFindingsList().stream().filter(each -> each.getSeverity().equals("error")).map(BadPolicyTest::line).toList();
    assertThat(errors).isEqualTo(row.substring(arrow + 3).strip().lines().toList());
    assertThat(response.getAccepted()).isFalse();
    assertThat(response.getChangesList()).isEmpty();
    assertThat(status("eve")).as("what was in force").isEqualTo(403);
    assertThat(status("ann")).as("what was in force").isEqualTo(200);
  }

  private static String line(Finding finding) {
    return finding.getOrigin() + ":" + finding.getLine() + ":" + finding.getColumn() + ": " + finding.getField() + ": " + finding.getMessage()
        + " [" + finding.getCode() + "]";
  }

  private static String table() throws IOException {
    try (var in = BadPolicyTest.class.getResourceAsStream("bad-policy.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void theCommandSaysItSoAndTheOldPolicyStays() {
    String before = inForce();
    Path file =
        mesh.written(
            "bad.yaml",
            STANDING.replace("code: 7", "code: 8")
                + """
                ---
                apiVersion: config.istio.io/v1alpha2
                kind: rule
                metadata: {name: r}
                spec:
                  match: request.pth == "/"
                  actions: [{handler: standing, instances: [standing]}]
                """);
    Result result = mesh.tenon("apply", "-f", file.toString());
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("bad.yaml:20:10: error: spec.match: at 1:1: unknown attribute request.pth; did you mean request.path?", "nothing was changed");
    assertThat(inForce()).isEqualTo(before);
    assertThat(status("eve")).isEqualTo(403);
  }
}
