package dev.tenon.citadel;

import dev.tenon.citadel.attest.Attestation;
import dev.tenon.citadel.keep.PrivateFolder;
import dev.tenon.citadel.rotate.ServerKeyRing;
import dev.tenon.citadel.serve.EnrolmentService;
import dev.tenon.citadel.serve.HostAdminService;
import dev.tenon.citadel.sign.Authority;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.lifecycle.Module;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Running;
import dev.tenon.spi.trust.MeshTrust;
import io.grpc.BindableService;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The authority as a module. Section {@code citadel}: {@code credentialLifetime} (24 h; a minute to 90 days) and {@code absence} (30 days; up
 * to a year), how long after its end a host that was away may still renew; {@code directory}, in place of the state directory, where
 * control planes are of one authority. Section {@code mesh}: {@code domain}.
 */
final class CitadelModule implements Module {
  private static final long LOOK_MILLIS = 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(CitadelModule.class);

  @Override
  public String name() {
    return "citadel";
  }

  @Override
  public Running start(ModuleContext context) throws IOException {
    Fields own = context.settings();
    Attestation.Terms terms =
        new Attestation.Terms(
            bounded(own, "credentialLifetime", Duration.ofHours(24), Duration.ofMinutes(1), Duration.ofDays(90)),
            bounded(own, "absence", Duration.ofDays(30), Duration.ZERO, Duration.ofDays(365)));
    Optional<String> shared = own.optionalText("directory");
    own.finish();
    String domain = domain(context.settings("mesh"));
    InstantSource time = InstantSource.system();
    PrivateFolder folder = new PrivateFolder(shared.map(each -> Path.of(each).toAbsolutePath().normalize()).orElseGet(context::stateDirectory));
    Authority authority = Authority.open(folder, domain, time);
    Attestation attestation = new Attestation(authority, folder, terms, time);
    ServerKeyRing ring = new ServerKeyRing(authority, time);
    ring.start(context.timers());
    if (shared.isPresent()) {
      var _ = context.timers().scheduleWithFixedDelay(() -> lookAround(attestation), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
    context.offer(MeshTrust.class, new Trust(ring, attestation));
    context.offer(BindableService.class, new EnrolmentService(attestation, domain, time));
    context.offer(BindableService.class, new HostAdminService(attestation, authority.fingerprint()));
    LOG.info("the mesh's authority is {}", authority.fingerprint());
    return () -> {};
  }

  private static void lookAround(Attestation attestation) {
    try {
      attestation.lookAround();
    } catch (IOException | RuntimeException e) {
      LOG.warn("what other control planes decided about hosts cannot be seen now: {}", e.toString());
    }
  }

  private static Duration bounded(Fields own, String field, Duration usual, Duration least, Duration most) {
    Duration said = own.duration(field).orElse(usual);
    if (said.compareTo(least) < 0 || said.compareTo(most) > 0) {
      own.error(field, "should be between " + least.toMinutes() + "m and " + most.toHours() + "h");
      return usual;
    }
    return said;
  }

  private static String domain(Fields mesh) {
    String domain = mesh.text("domain", "cluster.local");
    if (!Names.isDnsSubdomain(domain)) {
      mesh.error("domain", "\"" + domain + "\" must be DNS labels joined by dots, in lower case");
    }
    if (!mesh.findings().isEmpty()) {
      throw new BadConfig(mesh.findings());
    }
    return domain;
  }
}
