package dev.tenon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class TenonTest {
  @ParameterizedTest
  @ValueSource(strings = {"demo", "run", "apply", "get", "delete", "status", "policy", "version", "generate-completion",
    "module", "module list", "module show", "module plan", "module install", "module swap", "module remove", "module rollback",
    "services", "metrics", "module history", "module metrics", "module verify", "token", "token create", "token list", "token revoke", "vm", "vm token", "vm token create", "vm join", "vm check", "vm bootstrap", "vm bootstrap envoy", "vm drain", "vm leave",
    "vm hosts", "vm evict", "policy list", "policy describe", "policy top", "policy reset", "policy eval", "policy test",
    "explain", "explain request"})
  void everyCommandExplainsItself(String command) {
    StringWriter out = new StringWriter();
    CommandLine tenon = Tenon.commandLine().setOut(new PrintWriter(out));
    assertThat(tenon.execute((command + " --help").split(" "))).isZero();
    assertThat(out.toString()).contains("Usage: tenon " + command);
  }

  @ParameterizedTest
  @ValueSource(strings = {"apply", "delete", "nonsense", "delete -f x reviews y", "status -o xml",
    "module", "module install", "module history -n many", "policy reset", "policy reset --key x", "policy test", "policy top --limit many",
    "explain request", "explain request x -H nothing", "token", "token create --role king", "token create --role viewer --expires soon"})
  void aWrongCallIsTwo(String call) {
    CommandLine tenon = Tenon.commandLine().setErr(new PrintWriter(new StringWriter()));
    assertThat(tenon.execute(call.split(" "))).isEqualTo(2);
  }

  @Test
  void aRequestThatIsOverIsLookedUpInAProcessByItsId() {
    assertThat(Tenon.commandLine().execute("explain", "request", "6f1c2a9e-0b1d-4c55-9a77-0123456789ab", "--target", "/nowhere/admin.sock")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run --profile sidecar",
        "run --profile sidecar --config a.yaml --set x.y=z --config b/c.yaml --set u=v=w",
        "run --set a=b --profile gateway"
      })
  void aPlainRunIsUnderstoodAlikeWithAndWithoutTheLibrary(String call) {
    CommandLine.ParseResult parsed = Tenon.commandLine().parseArgs(call.split(" "));
    RunCommand command = (RunCommand) parsed.subcommand().commandSpec().userObject();
    assertThat(RunCall.plain(call.split(" "))).contains(command.asked());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run", "run --help", "run --profile", "run --profile a --profile b", "run -p sidecar", "run --profile=sidecar",
        "run --set a=b", "run --profile sidecar --set", "run --profile sidecar more", "run --profile --set", "run --profile @file",
        "version", "status --profile sidecar"
      })
  void everyOtherCallIsLeftToTheLibrary(String call) {
    assertThat(RunCall.plain(call.split(" "))).isEmpty();
  }

  @Test
  void aProcessThatIsNotThereIsOneAndSaysWhatToDo(@TempDir Path directory) {
    PrintStream before = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      int code = Tenon.commandLine().execute("status", "--socket", directory.resolve("admin.sock").toString());
      assertThat(code).isEqualTo(1);
    } finally {
      System.setErr(before);
    }
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("admin.sock", "tenon run --profile control-plane");
  }
}
