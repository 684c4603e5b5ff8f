package dev.tenon.kernel.plan;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Who signed a jar.
 *
 * @param digest the file's SHA-256 in hexadecimal digits; empty for the distribution's own
 * @param by the signer that is trusted, for an operator; empty when none is, or nobody looked
 * @param chains of each signer that signed every entry: its own certificate, then its issuer's, and so on
 */
public record Signed(String digest, String by, List<List<X509Certificate>> chains) {
  /** A jar that nobody looked at. */
  public static final Signed UNKNOWN = new Signed("", "", List.of());

  public Signed {
    chains = chains.stream().map(List::copyOf).toList();
  }
}
