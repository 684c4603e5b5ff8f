package dev.tenon.kernel.trust;

import java.security.cert.X509Certificate;
import java.util.List;

/** What was found out about a jar's signatures. */
public sealed interface Verdict {
  /**
   * Somebody who is trusted signed every entry.
   *
   * @param signer its name and the first digits of its certificate's SHA-256, for an operator
   * @param until the last moment of the certificate's validity, seconds since 1970
   */
  record Trusted(String signer, long until) implements Verdict {}

  /**
   * It must not run where signatures are required.
   *
   * @param reason what is wrong and what to do, one line
   */
  record Refused(String reason) implements Verdict {}

  /**
   * A verdict with the chains that it was reached by.
   *
   * @param chains of each signer that signed every entry
   */
  record Found(Verdict verdict, List<List<X509Certificate>> chains) {
    public Found {
      chains = List.copyOf(chains);
    }
  }
}
