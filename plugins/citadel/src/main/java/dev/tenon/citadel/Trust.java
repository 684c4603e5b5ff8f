package dev.tenon.citadel;

import dev.tenon.citadel.attest.Attestation;
import dev.tenon.citadel.rotate.ServerKeyRing;
import dev.tenon.spi.stream.Source;
import dev.tenon.spi.trust.HostIdentity;
import dev.tenon.spi.trust.MeshTrust;
import dev.tenon.spi.trust.ServerKeys;
import java.io.IOException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the kernel's mesh port is lent. */
final class Trust implements MeshTrust {
  private static final int URI = 6;
  private static final Logger LOG = LoggerFactory.getLogger(Trust.class);

  private final ServerKeyRing ring;
  private final Attestation attestation;

  Trust(ServerKeyRing ring, Attestation attestation) {
    this.ring = ring;
    this.attestation = attestation;
  }

  @Override
  public Source<ServerKeys> keys() {
    return ring.keys();
  }

  @Override
  public boolean admits(X509Certificate credential) {
    try {
      Optional<HostIdentity> identity = HostIdentity.of(uris(credential));
      return identity.isPresent() && attestation.admits(identity.get(), credential.getPublicKey());
    } catch (IOException | CertificateParsingException e) {
      LOG.error("whether a host is a member cannot be found out; it is not let in", e);
      return false;
    }
  }

  @Override
  public Source<Long> departures() {
    return attestation.departures();
  }

  private static List<String> uris(X509Certificate credential) throws CertificateParsingException {
    List<String> uris = new ArrayList<>();
    for (List<?> name : Objects.requireNonNullElse(credential.getSubjectAlternativeNames(), List.<List<?>>of())) {
      if (Integer.valueOf(URI).equals(name.getFirst())) {
        uris.add(String.valueOf(name.get(1)));
      }
    }
    return uris;
  }
}
