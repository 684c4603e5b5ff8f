package dev.tenon.galley.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.galley.Samples;
import dev.tenon.spi.config.Finding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each policy file of Istio 1.4 is taken unchanged, or refused in the words of {@code mixer-samples.txt}. */
class MixerSamplesTest {
  @Test
  void everyFileHasTheVerdictOfTheTable() throws IOException {
    Map<String, String> verdicts = new TreeMap<>();
    try (Stream<Path> files = Files.list(Samples.path("istio-1.4/samples/bookinfo/policy"))) {
      files.forEach(file -> verdicts.put(file.getFileName().toString(), verdict(file)));
    }
    verdicts.put("mixer-defaults.yaml", verdict(Samples.path("istio-1.4/mixer-defaults.yaml")));
    assertThat(verdicts).isEqualTo(table());
  }

  private static String verdict(Path file) {
    return Samples.errors(file.getFileName().toString(), Samples.read(file)).stream()
        .map(Finding::message)
        .distinct()
        .collect(Collectors.collectingAndThen(Collectors.joining("; "), said -> said.isEmpty() ? "taken" : said));
  }

  private static Map<String, String> table() throws IOException {
    try (var in = MixerSamplesTest.class.getResourceAsStream("mixer-samples.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split(": ", 2))
          .collect(Collectors.toMap(each -> each[0], each -> each[1], (one, other) -> one, TreeMap::new));
    }
  }
}
