package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.e2e.mesh.Command;
import dev.tenon.e2e.mesh.Command.Result;
import dev.tenon.e2e.mesh.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Expressions tried out by the command, in the engine that proxies run. */
@Tag("system")
class PolicyEvalTest {
  private static final Distribution DISTRIBUTION = Distribution.built();
  @TempDir Path directory;

  @Test
  void aTableGivesWhatMixerGave() {
    Path table = DISTRIBUTION.root().resolve("plugins/mixer/src/test/resources/cexl");
    Result result = eval("--cases", table.resolve("cases.json").toString(), "--attributes",
        table.resolve("attributes.json").toString(), "-o", "json");
    assertThat(result.err()).endsWith(" cases, 0 differ\n");
    assertThat(result.exit()).isZero();
    assertThat(result.out()).contains("\"errorClass\": \"evaluationError\"");
  }

  @Test
  void aTableThatDiffersIsOneAndShowsWhere() throws IOException {
    Path cases = Files.writeString(directory.resolve("cases.yaml"),
        "- {expression: 'request.path == \"/a\"', input: {request.path: /a}, type: BOOL, result: false, referenced: [request.path]}\n");
    Result result = eval("--cases", cases.toString());
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains("[result]");
    assertThat(result.err()).isEqualTo("tenon: 1 cases, 1 differ\n");
  }

  @Test
  void oneExpressionIsEvaluatedOrSaysWhatIsMissing() throws IOException {
    Path input = Files.writeString(directory.resolve("input.yaml"), "request.headers: {map_string: {cookie: user=jason}}\n");
    String expression = "match(request.headers[\"cookie\"], \"user=*\")";
    assertThat(eval(expression, "--input", input.toString()).out()).contains("BOOL").contains("true");
    Result without = eval(expression);
    assertThat(without.exit()).isEqualTo(1);
    assertThat(without.err()).isEqualTo("tenon: the request has no request.headers\n");
    assertThat(eval("request.pth").err()).contains("request.path");
  }

  private Result eval(String... words) {
    String[] all = new String[words.length + 2];
    all[0] = "policy";
    all[1] = "eval";
    System.arraycopy(words, 0, all, 2, words.length);
    return Command.run(DISTRIBUTION, directory, all);
  }
}
