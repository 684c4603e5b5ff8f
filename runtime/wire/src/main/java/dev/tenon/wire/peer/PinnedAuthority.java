package dev.tenon.wire.peer;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Believes the control plane that a join token names: its chain ends in the authority whose public key has the hash of the token, as
 * kubeadm's discovery does it. Nothing secret is sent before that is known. Remembers what it saw, for the message.
 */
public final class PinnedAuthority extends X509ExtendedTrustManager {
  private static final int DNS_NAME = 2;
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

  private final String wanted;
  private final String name;
  private volatile @Nullable X509Certificate authority;
  private volatile String fault = "";

  /**
   * A judge of one connection.
   *
   * @param wanted the SHA-256 of the authority's SubjectPublicKeyInfo, in hexadecimal digits
   * @param name what the control plane's own certificate has to name (RFC 5280, 4.2.1.6, dNSName)
   */
  public PinnedAuthority(String wanted, String name) {
    this.wanted = wanted;
    this.name = name;
  }

  /** The authority that was believed; null before. */
  public @Nullable X509Certificate authority() {
    return authority;
  }

  /** Why the control plane was not believed; empty when it was, or nothing was seen of it. */
  public String fault() {
    return fault;
  }

  private void check(X509Certificate[] chain) throws CertificateException {
    try {
      judge(chain);
    } catch (CertificateException e) {
      fault = String.valueOf(e.getMessage());
      throw e;
    }
  }

  private void judge(X509Certificate[] chain) throws CertificateException {
    X509Certificate last = chain[chain.length - 1];
    String shown = hash(last);
    if (chain.length != 2 || !shown.equals(wanted)) {
      throw new CertificateException("the control plane there is not the one that made the token: the token names the authority " + wanted
          + ", and it shows " + shown + ". Is the address right? If it is, somebody stands between; do not go on before you know who");
    }
    X509Certificate own = chain[0];
    try {
      own.verify(last.getPublicKey());
      last.verify(last.getPublicKey());
      own.checkValidity();
    } catch (CertificateNotYetValidException | CertificateExpiredException e) {
      throw new CertificateException("the clock of this host says " + Instant.now() + ", and the control plane's certificate is valid from "
          + own.getNotBefore().toInstant() + " to " + own.getNotAfter().toInstant()
          + "; set the clock right (timedatectl set-ntp true) and try again", e);
    } catch (GeneralSecurityException e) {
      throw new CertificateException("the control plane's certificate was not signed by its authority", e);
    }
    boolean named = Objects.requireNonNullElse(own.getSubjectAlternativeNames(), List.<List<?>>of()).stream()
        .anyMatch(each -> each.equals(Arrays.asList(DNS_NAME, name)));
    if (!named || own.getExtendedKeyUsage() == null || !own.getExtendedKeyUsage().contains(SERVER_AUTH)) {
      throw new CertificateException("what answers there is a member of the mesh, and not its control plane");
    }
    authority = last;
  }

  private static String hash(X509Certificate certificate) throws CertificateException {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getPublicKey().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new CertificateException(e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("this is no server");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
    throw new CertificateException("this is no server");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
    throw new CertificateException("this is no server");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
