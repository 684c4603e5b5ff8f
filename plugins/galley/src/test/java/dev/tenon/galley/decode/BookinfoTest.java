package dev.tenon.galley.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.galley.Samples;
import dev.tenon.spi.config.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Istio's own samples are accepted unchanged, or refused with the reason expected. */
class BookinfoTest {
  private static final String MUTUAL =
      "spec.trafficPolicy.tls.mode: is not carried out by this build: ISTIO_MUTUAL needs workload identities, and this build issues none; remove tls, or write mode: DISABLE";

  /** What is refused, and the first thing said of it; every other file of the folder is accepted. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "destination-rule-all-mtls.yaml", MUTUAL,
          "egress-rule-google-apis.yaml",
          "spec.ports[1].protocol: is not carried out by this build: HTTPS needs more than this build routes, which is HTTP/1.1; write HTTP if that is spoken there, or leave the port out");

  @Test
  void everyNetworkingFileOfBookinfoIsAcceptedOrRefusedWithTheReasonExpected() throws IOException {
    assertThat(verdicts("istio-1.31/samples/bookinfo/networking")).hasSize(21).isEqualTo(expected("istio-1.31/samples/bookinfo/networking"));
  }

  @Test
  void theFilesOfOldForConsulAreAccepted() throws IOException {
    Map<String, String> verdicts = verdicts("istio-1.4/samples/bookinfo/platform/consul");
    verdicts.remove("bookinfo.yaml"); // a docker-compose file
    assertThat(verdicts).isNotEmpty();
    assertThat(verdicts.values()).containsOnly("accepted");
  }

  private static Map<String, String> expected(String folder) throws IOException {
    Map<String, String> result = new TreeMap<>();
    try (Stream<Path> files = Files.list(Samples.path(folder))) {
      files.map(file -> file.getFileName().toString()).forEach(name -> result.put(name, REFUSED.getOrDefault(name, "accepted")));
    }
    return result;
  }

  private static Map<String, String> verdicts(String folder) throws IOException {
    Map<String, String> result = new TreeMap<>();
    try (Stream<Path> files = Files.list(Samples.path(folder))) {
      for (Path file : files.toList()) {
        List<Finding> errors = Samples.errors(file.getFileName().toString(), Samples.read(file));
        result.put(
            file.getFileName().toString(),
            errors.isEmpty() ? "accepted" : errors.getFirst().field() + ": " + errors.getFirst().message());
      }
    }
    return result;
  }
}
