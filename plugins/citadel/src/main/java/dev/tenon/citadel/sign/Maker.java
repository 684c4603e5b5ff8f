package dev.tenon.citadel.sign;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Puts certificates together (RFC 5280) and signs them with one key. */
final class Maker {
  private final KeyPair issuer;
  private final X500Name issuerName;
  private final InstantSource time;

  Maker(KeyPair issuer, String domain, InstantSource time) {
    this.issuer = issuer;
    this.issuerName = name("Tenon mesh " + domain);
    this.time = time;
  }

  private static X500Name name(String common) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, common.length() > 64 ? common.substring(0, 64) : common).build();
  }

  X509Certificate authority(Duration lifetime) {
    try {
      var builder = builder(issuerName, issuer.getPublic(), lifetime);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      return signed(builder);
    } catch (CertIOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("the authority's certificate cannot be made", e);
    }
  }

  X509Certificate leaf(String common, PublicKey key, List<String> uris, List<String> names, KeyPurposeId purpose, Duration lifetime) {
    List<GeneralName> all = new ArrayList<>();
    uris.forEach(each -> all.add(new GeneralName(GeneralName.uniformResourceIdentifier, each)));
    names.forEach(each -> all.add(new GeneralName(GeneralName.dNSName, each)));
    try {
      var builder = builder(name(common), key, lifetime);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(all.toArray(GeneralName[]::new)));
      return signed(builder);
    } catch (CertIOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("a certificate cannot be made", e);
    }
  }

  private JcaX509v3CertificateBuilder builder(X500Name subject, PublicKey key, Duration lifetime)
      throws CertIOException, GeneralSecurityException {
    Instant now = time.instant().truncatedTo(ChronoUnit.SECONDS);
    BigInteger serial = new BigInteger(127, new SecureRandom()).add(BigInteger.ONE);
    var builder =
        new JcaX509v3CertificateBuilder(
            issuerName, serial, Date.from(now.minus(Authority.CLOCK)), Date.from(now.plus(lifetime)), subject, key);
    JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
    builder.addExtension(Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(key));
    builder.addExtension(Extension.authorityKeyIdentifier, false, ids.createAuthorityKeyIdentifier(issuer.getPublic()));
    return builder;
  }

  private X509Certificate signed(JcaX509v3CertificateBuilder builder) throws OperatorCreationException, GeneralSecurityException {
    var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate());
    return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
  }
}
