package dev.tenon.citadel.sign;

import dev.tenon.citadel.keep.PrivateFolder;
import dev.tenon.spi.trust.HostCredential;
import dev.tenon.spi.trust.HostIdentity;
import dev.tenon.spi.trust.ServerKeys;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * The mesh's own authority: a key of the curve P-256 and a certificate that it signed itself, made at the first start and kept in files
 * of mode 0600. Thread-safe.
 */
public final class Authority {
  /** How far a clock may be off before a certificate that was just made is not valid there yet. */
  public static final Duration CLOCK = Duration.ofMinutes(5);

  private static final Duration LIFETIME = Duration.ofDays(3650);
  private static final String KEY = "authority-key.pem";
  private static final String CERTIFICATE = "authority.pem";

  private final KeyPair keys;
  private final X509Certificate certificate;
  private final String domain;
  private final InstantSource time;

  private Authority(KeyPair keys, X509Certificate certificate, String domain, InstantSource time) {
    this.keys = keys;
    this.certificate = certificate;
    this.domain = domain;
    this.time = time;
  }

  /**
   * Reads the authority, or makes it when there is none.
   *
   * @param domain the trust domain
   * @throws IOException when its files cannot be read or written, or do not belong together
   */
  public static Authority open(PrivateFolder folder, String domain, InstantSource time) throws IOException {
    return folder.alone(() -> opened(folder, domain, time));
  }

  private static Authority opened(PrivateFolder folder, String domain, InstantSource time) throws IOException {
    try {
      var key = folder.read(KEY);
      var certificate = folder.read(CERTIFICATE);
      if (key.isEmpty() && certificate.isPresent()) {
        throw new IOException(folder + " has " + CERTIFICATE + " and no " + KEY + "; bring the key back from where it was saved, or move the"
            + " certificate away to begin a new authority, which every host has to join anew");
      }
      KeyPair pair = key.isPresent() ? Keys.read(key.get()) : Keys.make();
      if (key.isEmpty()) {
        folder.replace(KEY, Keys.pem(pair));
      }
      if (certificate.isEmpty()) {
        folder.replace(CERTIFICATE, Pem.of(new Maker(pair, domain, time).authority(LIFETIME)));
      }
      X509Certificate own = certificate.isPresent() ? Pem.certificate(certificate.get()) : Pem.certificate(folder.read(CERTIFICATE).orElseThrow());
      if (!own.getPublicKey().equals(pair.getPublic())) {
        throw new IOException(folder + ": " + CERTIFICATE + " is not that of " + KEY + "; bring back the two that belong together");
      }
      return new Authority(pair, own, domain, time);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(folder + ": the authority's key or certificate cannot be used: " + e.getMessage(), e);
    }
  }

  /** The certificate that everybody in the mesh believes. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** The trust domain. */
  public String domain() {
    return domain;
  }

  /** What a token names the authority by: SHA-256 of its SubjectPublicKeyInfo, as kubeadm's discovery hash. */
  public String fingerprint() {
    return Keys.fingerprint(certificate.getPublicKey());
  }

  /** A host's certificate, for the key that it has shown to have. */
  public X509Certificate host(HostIdentity identity, PublicKey key, Duration lifetime) {
    return maker().leaf(identity.namespace() + "/" + identity.name(), key, identity.uris(), List.of(), KeyPurposeId.id_kp_clientAuth, lifetime);
  }

  /** A fresh key of the control plane's own, with its certificate. It is kept in memory alone. */
  public ServerKeys server(Duration lifetime) {
    KeyPair pair = Keys.make();
    X509Certificate own =
        maker().leaf("control-plane", pair.getPublic(), List.of("spiffe://" + domain + "/control-plane"),
            List.of(HostCredential.SERVER_NAME), KeyPurposeId.id_kp_serverAuth, lifetime);
    return new ServerKeys(pair.getPrivate(), List.of(own, certificate), List.of(certificate));
  }

  private Maker maker() {
    return new Maker(keys, domain, time);
  }
}
