package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.e2e.mesh.Command;
import dev.tenon.e2e.mesh.Command.Result;
import dev.tenon.e2e.mesh.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of policy, run by the command with the engine and the adapters that proxies have. */
@Tag("system")
class PolicyTestCommandTest {
  private static final Distribution DISTRIBUTION = Distribution.built();
  private static final Path SAMPLE = DISTRIBUTION.root().resolve("dist/samples/ratelimit/policy");
  @TempDir Path directory;

  private Result test(Object... files) {
    List<String> words = new ArrayList<>(List.of("policy", "test"));
    for (Object each : files) {
      words.add("-f");
      words.add(each.toString());
    }
    return Command.run(DISTRIBUTION, directory, words.toArray(String[]::new));
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  @Test
  void theSamplesCasesHold() {
    Result result = test(SAMPLE);
    assertThat(result.err()).endsWith("tenon: 5 cases, 0 failed\n");
    assertThat(result.exit()).isZero();
  }

  @Test
  void aCaseThatFailsSaysWhereWhatAndWhy() throws IOException {
    Path cases = write("cases.yaml", """
        - name: bob has four
          service: reviews
          request: {headers: {x-user: bob}, source: {labels: {app: productpage}}}
          steps:
            - {times: 4, expect: {status: 200}}
        - name: anybody may call
          service: reviews
          expect: {verdict: allow}
        """);
    Result result = test(SAMPLE.resolve("rules.yaml"), cases);
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).endsWith("tenon: 2 cases, 2 failed\n");
    assertThat(result.out())
        .contains(cases + ":5:", ": bob has four, request 4 of 4\n  status: expected 200, was 429")
        .contains("memquota, in process", "would refuse", "0 of 3 left, reset in 10s")
        .contains("verdict: expected allow, was deny by callers.default", "source.labels[\"app\"] is absent");
  }

  @Test
  void whatIsNoCaseOrNoPolicyIsRefusedWithItsPlace() throws IOException {
    Path cases = write("cases.yaml", "- {name: a, expect: {verdict: allow, stauts: 3}}\n- {name: b}\n");
    Result result = test(cases);
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains(cases + ":1:", "stauts", cases + ":2:", "expect");
    Path rules = write("rules.yaml", Files.readString(SAMPLE.resolve("rules.yaml")).replace("limit: 3", "limit: -3"));
    Result refused = test(rules, SAMPLE.resolve("cases.yaml"));
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains(rules + ":9:", "spec.limit");
  }
}
