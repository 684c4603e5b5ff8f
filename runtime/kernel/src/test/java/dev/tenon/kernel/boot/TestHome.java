package dev.tenon.kernel.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A distribution with nothing in it but what tests' jars import. */
final class TestHome {
  private static final List<String> SPI = List.of("config", "guard", "lifecycle", "model", "policy", "ports", "registry", "rules", "stream");
  private static final List<String> LIBRARIES =
      List.of("io.netty.buffer", "io.netty.channel", "io.netty.util", "io.netty.util.concurrent", "org.slf4j");

  private TestHome() {}

  static Path make(Path home) throws IOException {
    Files.createDirectories(home.resolve("modules"));
    Files.createDirectories(home.resolve("profiles"));
    Files.writeString(home.resolve("profiles/test.yaml"), "profile: test\nkernel: {loops: 1, readyDeadline: 5s, drainDeadline: 2s, log: {root: warn}}\n");
    Files.writeString(home.resolve("platform.exports"),
        SPI.stream().map(each -> "dev.tenon.spi." + each + ";version=\"1.0.0\"\n").collect(Collectors.joining())
            + String.join("\n", LIBRARIES) + "\n");
    return home;
  }
}
