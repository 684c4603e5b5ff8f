package dev.tenon.kernel.trust;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/**
 * Whom to trust: the signers' own certificates, or those of authorities that issued them.
 *
 * @param trusted a certificate that is no authority's counts for itself alone
 * @param revoked what lists of revoked certificates name
 */
record Certificates(Set<X509Certificate> trusted, Set<Revoked> revoked) {
  private static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
  private static final String ANY_USE = "2.5.29.37.0";
  private static final int SIGNATURES = 0;
  private static final int CERTIFICATES = 5;

  /** One certificate, as a list of revoked ones names it. */
  record Revoked(X500Principal issuer, BigInteger serial) {}

  Certificates {
    trusted = Set.copyOf(trusted);
    revoked = Set.copyOf(revoked);
  }

  static Certificates of(Collection<X509Certificate> trusted, Collection<X509CRL> lists) {
    Set<Revoked> revoked = new HashSet<>();
    for (X509CRL list : lists) {
      Set<? extends X509CRLEntry> entries = list.getRevokedCertificates();
      if (entries != null) {
        entries.forEach(each -> revoked.add(new Revoked(list.getIssuerX500Principal(), each.getSerialNumber())));
      }
    }
    return new Certificates(new HashSet<>(trusted), revoked);
  }

  /**
   * Judges a signer as of a moment.
   *
   * @param chain its certificate, then those of its issuers, as they came with the signature
   * @return why it is not trusted; empty when it is
   */
  Optional<String> objection(List<X509Certificate> chain, Instant now) {
    X509Certificate signer = chain.getFirst();
    if (!signsCode(signer)) {
      return Optional.of("was signed with " + name(signer) + ", a certificate that is not for signing code; use one that is");
    }
    for (X509Certificate each : chain) {
      if (revoked.contains(new Revoked(each.getIssuerX500Principal(), each.getSerialNumber()))) {
        return Optional.of("was signed with " + name(signer) + ", and " + name(each) + " is revoked; sign it with another");
      }
    }
    if (trusted.contains(signer)) {
      return dates(signer, now);
    }
    String why = "";
    for (X509Certificate authority : trusted) {
      List<X509Certificate> path = below(authority, chain);
      if (!path.isEmpty()) {
        Optional<String> objection = objection(path, authority, now);
        if (objection.isEmpty()) {
          return objection;
        }
        why = objection.get();
      }
    }
    return Optional.of(why.isEmpty() ? "was signed by " + name(signer) + ", whom nobody here trusts; if you do, put its certificate"
        + " into kernel.trust.certificates" : why);
  }

  /** The chain up to the certificate that the authority issued; empty when it issued none, or may not. */
  private static List<X509Certificate> below(X509Certificate authority, List<X509Certificate> chain) {
    boolean[] uses = authority.getKeyUsage();
    if (authority.getBasicConstraints() >= 0 && (uses == null || uses[CERTIFICATES])) {
      for (int at = 0; at < chain.size(); at++) {
        if (chain.get(at).getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
          return chain.subList(0, at + 1);
        }
      }
    }
    return List.of();
  }

  private static Optional<String> objection(List<X509Certificate> path, X509Certificate authority, Instant now) {
    Optional<String> late = dates(authority, now);
    for (X509Certificate each : path) {
      late = late.isPresent() ? late : dates(each, now);
    }
    if (late.isPresent()) {
      return late;
    }
    try {
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
      parameters.setRevocationEnabled(false); // by the store's own lists, never over the network
      parameters.setDate(Date.from(now));
      CertPath certPath = CertificateFactory.getInstance("X.509").generateCertPath(path);
      CertPathValidator.getInstance("PKIX").validate(certPath, parameters);
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      return Optional.of("was signed by " + name(path.getFirst()) + ", whose certificate does not hold up to " + name(authority) + ": "
          + e.getMessage());
    }
  }

  private static Optional<String> dates(X509Certificate certificate, Instant now) {
    try {
      certificate.checkValidity(Date.from(now));
      return Optional.empty();
    } catch (CertificateExpiredException e) {
      return Optional.of("was signed with " + name(certificate) + ", which expired at " + certificate.getNotAfter().toInstant()
          + "; sign it with one that is valid");
    } catch (CertificateNotYetValidException e) {
      return Optional.of("was signed with " + name(certificate) + ", which is not valid before " + certificate.getNotBefore().toInstant()
          + "; check this machine's clock");
    }
  }

  private static boolean signsCode(X509Certificate certificate) {
    try {
      List<String> uses = certificate.getExtendedKeyUsage();
      boolean[] bits = certificate.getKeyUsage();
      return (uses == null || uses.contains(CODE_SIGNING) || uses.contains(ANY_USE)) && (bits == null || bits[SIGNATURES]);
    } catch (CertificateParsingException e) {
      return false;
    }
  }

  /** What an operator knows a certificate by: its subject, and the first digits of its SHA-256. */
  static String name(X509Certificate certificate) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return certificate.getSubjectX500Principal().getName().replaceAll("\\p{Cntrl}", "?")
          + " (sha256 " + HexFormat.of().formatHex(digest, 0, 8) + ")";
    } catch (CertificateEncodingException | java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException("a certificate that was read can be written", e);
    }
  }
}
