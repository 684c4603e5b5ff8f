package dev.tenon.kernel.admit;

import java.util.List;
import java.util.Locale;

/**
 * What is known of a token; not the token itself.
 *
 * @param id names it
 * @param hash SHA-256 of its secret part, in hexadecimal digits
 * @param label whose it is
 */
public record Token(String id, Role role, String label, String hash, long createdMillis, long expiresMillis) {
  static final int WORDS = 6;

  List<String> words() {
    return List.of(id, role.name().toLowerCase(Locale.ROOT), label, hash, Long.toString(createdMillis), Long.toString(expiresMillis));
  }

  static Token of(List<String> words) {
    return new Token(words.getFirst(), Role.valueOf(words.get(1).toUpperCase(Locale.ROOT)), words.get(2), words.get(3),
        Long.parseLong(words.get(4)), Long.parseLong(words.get(5)));
  }
}
