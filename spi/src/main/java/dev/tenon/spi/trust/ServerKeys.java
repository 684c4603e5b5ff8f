package dev.tenon.spi.trust;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A key to show, and whom to believe.
 *
 * @param chain the certificate of the key first, then its issuers'
 * @param authorities whose credentials are taken
 */
public record ServerKeys(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> authorities) {
  public ServerKeys {
    chain = List.copyOf(chain);
    authorities = List.copyOf(authorities);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "ServerKeys[" + chain.getFirst().getSerialNumber().toString(16) + " until " + chain.getFirst().getNotAfter().toInstant() + "]";
  }
}
