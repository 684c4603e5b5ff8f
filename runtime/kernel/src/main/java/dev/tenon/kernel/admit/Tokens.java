package dev.tenon.kernel.admit;

import dev.tenon.kernel.keep.Lines;
import dev.tenon.kernel.load.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tokens that a process takes. A token is {@code tenon_ID_SECRET}; its secret is 256 random bits, of
 * which a file of mode 0600 keeps the SHA-256, so that neither that file nor the process's memory has any
 * secret to give away. Comparing takes as long whether or not anything fits. Thread-safe.
 */
public final class Tokens {
  private static final Pattern FORM = Pattern.compile("tenon_([0-9a-f]{8})_([0-9a-f]{64})");
  private static final Duration LONGEST = Duration.ofDays(365);
  private static final int MOST = 200;
  private static final int LONGEST_LABEL = 100;
  private static final String NOBODY = "0".repeat(64);

  private final Path file;
  private final Clock clock;
  private SequencedMap<String, Token> tokens = new LinkedHashMap<>();

  private Tokens(Path file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  /**
   * Reads those of an earlier process.
   *
   * @throws IOException when the file cannot be read; then nobody is let in
   */
  public static Tokens open(Path file) throws IOException {
    return open(file, Clock.systemUTC());
  }

  static Tokens open(Path file, Clock clock) throws IOException {
    Tokens tokens = new Tokens(file, clock);
    for (List<String> words : Lines.read(file)) {
      try {
        if (words.size() != Token.WORDS) {
          throw new IllegalArgumentException("not " + Token.WORDS + " words");
        }
        Token token = Token.of(words);
        tokens.tokens.put(token.id(), token);
      } catch (IllegalArgumentException e) {
        throw new IOException(file + " is damaged (" + e.getMessage() + "); move it away and make new tokens", e);
      }
    }
    return tokens;
  }

  /** A new token. */
  public record Made(String secret, Token token) {}

  /**
   * Makes one. It is given out this once.
   *
   * @throws Refused when the lifetime is not between a minute and a year, or there are too many
   */
  public synchronized Made create(Role role, String label, Duration lifetime) throws IOException, Refused {
    if (lifetime.compareTo(Duration.ofMinutes(1)) < 0 || lifetime.compareTo(LONGEST) > 0) {
      throw new Refused("a token lives from a minute to " + LONGEST.toDays() + " days");
    }
    if (label.length() > LONGEST_LABEL || label.chars().anyMatch(Character::isISOControl)) {
      throw new Refused("a label is at most " + LONGEST_LABEL + " characters on one line");
    }
    List<Token> left = list();
    if (left.size() >= MOST) {
      throw new Refused("there are " + MOST + " tokens already; revoke some");
    }
    SecureRandom random = new SecureRandom();
    byte[] id = new byte[4];
    byte[] secret = new byte[32];
    random.nextBytes(id);
    random.nextBytes(secret);
    String text = HexFormat.of().formatHex(secret);
    long now = clock.millis();
    Token token = new Token(HexFormat.of().formatHex(id), role, label, hash(text), now, now + lifetime.toMillis());
    SequencedMap<String, Token> next = new LinkedHashMap<>();
    left.forEach(each -> next.put(each.id(), each));
    next.put(token.id(), token);
    write(next);
    return new Made("tenon_" + token.id() + "_" + text, token);
  }

  /** Those that are valid now. */
  public synchronized List<Token> list() {
    return tokens.values().stream().filter(each -> each.expiresMillis() > clock.millis()).toList();
  }

  /**
   * From now on it is not taken.
   *
   * @throws Refused when there is no such token
   */
  public synchronized void revoke(String id) throws IOException, Refused {
    SequencedMap<String, Token> next = new LinkedHashMap<>(tokens);
    if (next.remove(id) == null) {
      throw new Refused("there is no token " + id + "; see 'tenon token list'");
    }
    write(next);
  }

  private void write(SequencedMap<String, Token> next) throws IOException {
    List<List<String>> lines = new ArrayList<>();
    next.values().forEach(each -> lines.add(each.words()));
    Lines.replace(file, lines);
    tokens = next;
  }

  /** Whose token that is; empty when it is nobody's, expired or revoked. */
  public Optional<Token> check(String presented) {
    Matcher form = FORM.matcher(presented.length() > 200 ? "" : presented);
    String id = form.matches() ? form.group(1) : "";
    Token known = known(id);
    String expected = known == null ? NOBODY : known.hash();
    boolean same = MessageDigest.isEqual(expected.getBytes(StandardCharsets.US_ASCII),
        hash(id.isEmpty() ? "" : form.group(2)).getBytes(StandardCharsets.US_ASCII));
    return same && known != null && known.expiresMillis() > clock.millis() ? Optional.of(known) : Optional.empty();
  }

  private synchronized @org.jspecify.annotations.Nullable Token known(String id) {
    Map<String, Token> present = tokens;
    return present.get(id);
  }

  private static String hash(String secret) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
