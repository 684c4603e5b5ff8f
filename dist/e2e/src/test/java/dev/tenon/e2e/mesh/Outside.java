package dev.tenon.e2e.mesh;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What the tests use when it is there: a real Envoy, Istio's samples. Without it they are skipped, and say why. */
public final class Outside {
  private static final boolean CI = "true".equals(System.getenv("CI"));

  private Outside() {}

  /** Istio's sample files, beside the source tree. They are never part of it, not even for CI. */
  public static Path istioSamples(Distribution distribution) {
    Path samples = distribution.root().resolve("../shared/data/istio-1.31/samples").normalize();
    // A work tree lies one folder deeper.
    Path deeper = distribution.root().resolve("../../shared/data/istio-1.31/samples").normalize();
    Path found = Files.isDirectory(samples) ? samples : deeper;
    assumeTrue(Files.isDirectory(found), "Istio's samples are not at " + samples);
    return found;
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
