package dev.tenon.e2e.mesh;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** What the tests use when it is there: a real Envoy, Istio's samples. Without it they are skipped, and say why. */
public final class Outside {
  private static final boolean CI = "true".equals(System.getenv("CI"));

  private Outside() {}

  /** Istio's sample files, beside the source tree. They are never part of it, not even for CI. */
  public static Path istioSamples(Distribution distribution) {
    return samples(distribution, "1.31");
  }

  /** The sample files of Istio 1.4, the last with Mixer and Consul. */
  public static Path oldIstioSamples(Distribution distribution) {
    return samples(distribution, "1.4");
  }

  private static Path samples(Distribution distribution, String version) {
    Path samples = distribution.root().resolve("../shared/data/istio-" + version + "/samples").normalize();
    assumeTrue(Files.isDirectory(samples), "Istio's samples are not at " + samples);
    return samples;
  }

  /** The Envoy that .ci/peers installed, or the one that TENON_ENVOY names. Has to be there in CI. */
  public static Path envoy() {
    Path binary =
        Optional.ofNullable(System.getenv("TENON_ENVOY"))
            .map(Path::of)
            .orElseGet(() -> peers().resolve("envoy-1.40.0/envoy"));
    needed(Files.isExecutable(binary), "no Envoy at " + binary + ": run .ci/peers/install envoy");
    return binary;
  }

  /** The Consul that .ci/peers installed, or the one that TENON_CONSUL names. Has to be there in CI. */
  public static Path consul() {
    Path binary =
        Optional.ofNullable(System.getenv("TENON_CONSUL"))
            .map(Path::of)
            .orElseGet(() -> peers().resolve("consul-1.19.2/consul"));
    needed(Files.isExecutable(binary), "no Consul at " + binary + ": run .ci/peers/install consul");
    return binary;
  }

  /** The Open Policy Agent that .ci/peers installed. Has to be there in CI. */
  public static Path opa() {
    Path binary = peers().resolve("opa-1.22.2/opa");
    needed(Files.isExecutable(binary), "no OPA at " + binary + ": run .ci/peers/install opa");
    return binary;
  }

  /** The redis-server of the path. Has to be there in CI. */
  public static Path redis() {
    Optional<Path> binary =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
            .map(each -> Path.of(each, "redis-server"))
            .filter(Files::isExecutable)
            .findFirst();
    needed(binary.isPresent(), "no redis-server here: run .ci/peers/install debian");
    return binary.orElseThrow();
  }

  /** Skips the test when something is missing; in CI that is a failure. */
  public static void needed(boolean there, String otherwise) {
    if (CI && !there) {
      throw new AssertionError(otherwise);
    }
    assumeTrue(there, otherwise);
  }

  private static Path peers() {
    return Optional.ofNullable(System.getenv("TENON_PEERS"))
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache/tenon-peers"));
  }
}
