package dev.tenon.kernel.boot;

import dev.tenon.kernel.load.Refused;
import dev.tenon.kernel.trust.Trust;
import dev.tenon.spi.config.Fields;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code kernel.trust: {mode: off|warn|require, certificates: [folder or PEM file, …]}}.
 *
 * @param mode what the drop folder asks of a jar
 * @param certificates where those of trusted signers lie
 */
record TrustSection(Trust.Mode mode, List<Path> certificates) {
  private static final List<String> MODES = List.of("off", "warn", "require");

  TrustSection {
    certificates = List.copyOf(certificates);
  }

  /** Notes in the fields what is wrong. */
  static TrustSection read(Fields kernel) {
    Optional<Fields> section = kernel.mapping("trust");
    if (section.isEmpty()) {
      return new TrustSection(Trust.Mode.OFF, List.of());
    }
    Fields trust = section.get();
    String mode = trust.text("mode");
    List<Path> certificates = trust.texts("certificates").stream().map(each -> Path.of(each).toAbsolutePath().normalize()).toList();
    if (!MODES.contains(mode)) {
      if (trust.has("mode")) {
        trust.error("mode", "\"" + mode + "\" is none of " + String.join(", ", MODES));
      }
      return new TrustSection(Trust.Mode.REQUIRE, certificates);
    }
    if (certificates.isEmpty() && !mode.equals("off")) {
      trust.error("certificates", "mode " + mode + " needs them: name a folder or PEM files with the certificates of those whom you trust");
    }
    return new TrustSection(Trust.Mode.valueOf(mode.toUpperCase(Locale.ROOT)), certificates);
  }

  /**
   * Reads the certificates.
   *
   * @throws Refused when one of them cannot be used
   */
  Trust open() throws Refused {
    try {
      return Trust.of(mode, certificates);
    } catch (IOException e) {
      throw new Refused("kernel.trust.certificates: " + e.getMessage(), e);
    }
  }
}
