package dev.tenon.citadel.attest;

import dev.tenon.citadel.attest.Refusal.Cause;
import dev.tenon.citadel.sign.Authority;
import dev.tenon.citadel.sign.Keys;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.trust.Possession;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.Duration;
import java.util.HexFormat;

/**
 * What a host sent to show that it has its key.
 *
 * @param publicKey SubjectPublicKeyInfo, DER, in hexadecimal digits
 * @param signature in hexadecimal digits
 */
public record Proof(String namespace, String name, long clockMillis, String publicKey, String signature) {
  private static final int LONGEST_KEY = 2 * 200;
  private static final int LONGEST_SIGNATURE = 2 * 100;

  /**
   * The key that is proven to be the caller's.
   *
   * @throws Refusal when it is not, or the caller's clock is off
   */
  PublicKey check(String occasion, long nowMillis) throws Refusal {
    Duration ahead = Duration.ofMillis(clockMillis - nowMillis);
    if (ahead.abs().compareTo(Authority.CLOCK) > 0) {
      throw new Refusal(Cause.CLOCK, clock(ahead));
    }
    if (!Names.isDnsLabel(namespace) || !Names.isDnsLabel(name)) {
      throw new Refusal(Cause.INVALID, "the workload's namespace and name must each be " + Names.DNS_LABEL);
    }
    if (publicKey.length() > LONGEST_KEY || signature.length() > LONGEST_SIGNATURE) {
      throw new Refusal(Cause.INVALID, "the key or its signature is too long");
    }
    try {
      PublicKey key = Keys.publicKey(HexFormat.of().parseHex(publicKey));
      byte[] message = new Possession(occasion, namespace, name, clockMillis, publicKey).bytes();
      if (Keys.signed(key, message, HexFormat.of().parseHex(signature))) {
        return key;
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new Refusal(Cause.INVALID, "the public key cannot be used: " + e.getMessage());
    }
    throw new Refusal(Cause.UNPROVEN, "the signature was not made with the key");
  }

  static String clock(Duration ahead) {
    Duration off = ahead.abs();
    String how = off.toHours() + " h " + off.toMinutesPart() + " min " + off.toSecondsPart() + " s " + (ahead.isNegative() ? "behind" : "ahead of");
    return "the clock of this host is " + how + " the control plane's; set it right (timedatectl set-ntp true) and try again";
  }
}
