package dev.tenon.spi.trust;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A token as {@code tenon vm token create} prints it.
 *
 * @param authority SHA-256 of the public key of the authority that made it, in hexadecimal digits
 */
public record JoinToken(String id, String secret, String authority) {
  private static final Pattern FORM = Pattern.compile("tenon-join\\.([0-9a-f]{8})\\.([0-9a-f]{64})\\.([0-9a-f]{64})");

  /** Empty when it is none. */
  public static Optional<JoinToken> parse(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches() ? Optional.of(new JoinToken(form.group(1), form.group(2), form.group(3))) : Optional.empty();
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "token " + id;
  }
}
