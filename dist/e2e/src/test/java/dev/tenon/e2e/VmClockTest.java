package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.e2e.mesh.Command;
import dev.tenon.e2e.mesh.TestMesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A host whose clock is an hour off: what it is told before and when it joins. Its clock is a library that is loaded before all others. */
@Tag("system")
class VmClockTest {
  private static final int HOST = 41;
  private static final String SHIM = """
      #define _GNU_SOURCE
      #include <dlfcn.h>
      #include <stdlib.h>
      #include <time.h>
      int clock_gettime(clockid_t clock, struct timespec *now) {
        static int (*real)(clockid_t, struct timespec *);
        if (!real) real = (int (*)(clockid_t, struct timespec *)) dlsym(RTLD_NEXT, "clock_gettime");
        int result = real(clock, now);
        const char *off = getenv("CLOCK_OFF");
        if (clock == CLOCK_REALTIME && off) now->tv_sec += atol(off);
        return result;
      }
      """;
  private static TestMesh mesh;
  private static Path library;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("tenon-clock");
    library = folder.resolve("clock.so");
    Path source = Files.writeString(folder.resolve("clock.c"), SHIM);
    boolean made = false;
    try {
      Process compiler = new ProcessBuilder("cc", "-shared", "-fPIC", "-o", library.toString(), source.toString(), "-ldl")
          .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
      made = compiler.waitFor(60, TimeUnit.SECONDS) && compiler.exitValue() == 0;
    } catch (IOException e) {
      System.out.println("no C compiler: " + e.getMessage());
    }
    Assumptions.assumeTrue(made, "without a C compiler no clock can be set wrong");
    mesh = TestMesh.start("vm-clock");
  }

  @AfterAll
  static void end() throws IOException {
    if (mesh != null) {
      mesh.close();
    }
  }

  private static Command.Result on(int secondsOff, String... words) {
    List<String> command = new java.util.ArrayList<>(List.of(mesh.distribution().tenon().toString()));
    command.addAll(List.of(words));
    return Command.run(mesh.run(), command, Map.of("LD_PRELOAD", library.toString(), "CLOCK_OFF", String.valueOf(secondsOff)));
  }

  private static Command.Result check(int secondsOff, String token, Path workload) {
    return on(secondsOff, "vm", "check", "--server", mesh.secureAddress(), "--token", token, "--workload", workload.toString(), "--directory", mesh.run("nobody").toString());
  }

  private static Command.Result join(int secondsOff, String token, Path workload) {
    return on(secondsOff, "vm", "join", "--foreground", "--server", mesh.secureAddress(), "--token", token, "--workload", workload.toString(),
        "--directory", mesh.run("host" + secondsOff).toString());
  }

  @Test
  void aClockAnHourOffIsNamedByTheCheckAndByTheJoinWhicheverWay() {
    Command.Result made = mesh.tenon("vm", "token", "create", "--group", "reviews");
    String token = made.out().strip();
    Path workload = mesh.written("workload.yaml", """
        workload:
          name: reviews-1
          address: %1$s
          ports:
          - {service: reviews, port: 9080, application: "%1$s:8080"}
        proxy: {admin: {address: "%1$s:15000"}, outbound: %1$s}
        """.formatted(mesh.address(HOST)));
    assertThat(check(0, token, workload).out()).containsPattern("clock +-?[0-9]+ ms off");

    Command.Result ahead = check(3600, token, workload);
    assertThat(ahead.exit()).isEqualTo(1);
    assertThat(ahead.out()).containsPattern("clock +3(600|599) s ahead of the control plane's +timedatectl set-ntp true");
    Command.Result refused = join(3600, token, workload);
    assertThat(refused.exit()).isNotZero();
    assertThat(refused.err()).containsPattern("the clock of this host is (1 h 0 min|0 h 59 min) \\d+ s ahead of the control plane's");

    Command.Result behind = check(-3600, token, workload);
    assertThat(behind.exit()).isEqualTo(1);
    assertThat(behind.out()).containsPattern("clock +the clock of this host says .* is valid from").contains("timedatectl set-ntp true");
    Command.Result turnedAway = join(-3600, token, workload);
    assertThat(turnedAway.exit()).isNotZero();
    assertThat(turnedAway.err()).contains("the clock of this host says").contains("set the clock right");

    assertThat(mesh.tenon("vm", "token", "list", "-o", "json").out()).as("none of that costs a use").contains("\"used\": 0");
  }
}
