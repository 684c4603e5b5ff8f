package dev.tenon.citadel.attest;

import dev.tenon.citadel.attest.Refusal.Cause;
import dev.tenon.citadel.keep.Card;
import dev.tenon.citadel.keep.PrivateFolder;
import dev.tenon.citadel.sign.Keys;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.trust.HostIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The join tokens: a file for each, with a hash of its secret. What is counted is on the disk before anybody profits from it. A token that
 * has ended is remembered for a day, so that who comes with it is told so.
 */
public final class TokenBook {
  private static final int MOST = 1_000;
  private static final int MOST_USES = 10_000;
  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(30);
  private static final Duration REMEMBERED = Duration.ofDays(1);
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}");
  private static final String NOBODY = "0".repeat(64);

  private final PrivateFolder folder;
  private final PrivateFolder lock;
  private final InstantSource time;

  /**
   * The tokens of a folder.
   *
   * @param lock where changes wait for one another, those of hosts included
   */
  public TokenBook(PrivateFolder folder, PrivateFolder lock, InstantSource time) {
    this.folder = folder;
    this.lock = lock;
    this.time = time;
  }

  /** A token, and the secret that is told once. */
  public record Made(Token token, String secret) {}

  /**
   * Makes a token.
   *
   * @param services NAME or NAMESPACE/NAME; the group's name when there are none
   * @throws Refusal when something of it is out of bounds
   */
  public Made create(String namespace, String group, List<String> services, Duration lifetime, int uses) throws IOException, Refusal {
    check(Names.isDnsLabel(namespace), "the namespace \"" + namespace + "\" is not " + Names.DNS_LABEL);
    check(Names.isDnsLabel(group), "the group \"" + group + "\" is not " + Names.DNS_LABEL);
    check(lifetime.compareTo(SHORTEST) >= 0 && lifetime.compareTo(LONGEST) <= 0, "a token lives from a minute to " + LONGEST.toDays() + " days");
    check(uses >= 1 && uses <= MOST_USES, "a token is good for 1 to " + MOST_USES + " hosts");
    List<String> whole = whole(namespace, services.isEmpty() ? List.of(group) : services);
    SecureRandom random = new SecureRandom();
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    String secret = HexFormat.of().formatHex(bytes);
    byte[] name = new byte[4];
    random.nextBytes(name);
    long now = time.millis();
    Token token = new Token(HexFormat.of().formatHex(name), hash(secret), namespace, group, whole, now, now + lifetime.toMillis(), uses, 0, "");
    boolean written = lock.alone(() -> {
      if (remembered().size() >= MOST) {
        return false;
      }
      write(token);
      return true;
    });
    if (!written) {
      throw new Refusal(Cause.TOO_MANY, "there are " + MOST + " tokens already; revoke some");
    }
    return new Made(token, secret);
  }

  private static List<String> whole(String namespace, List<String> services) throws Refusal {
    check(services.size() <= HostIdentity.MOST_SERVICES, "a host answers for at most " + HostIdentity.MOST_SERVICES + " services");
    List<String> whole = new ArrayList<>();
    for (String each : services) {
      String[] parts = (each.contains("/") ? each : namespace + "/" + each).split("/", -1);
      check(parts.length == 2 && Names.isDnsLabel(parts[0]) && Names.isDnsLabel(parts[1]),
          "the service \"" + each + "\" is no NAME or NAMESPACE/NAME of DNS labels");
      whole.add(parts[0] + "/" + parts[1]);
    }
    return whole.stream().distinct().toList();
  }

  private static void check(boolean good, String otherwise) throws Refusal {
    if (!good) {
      throw new Refusal(Cause.INVALID, otherwise);
    }
  }

  /** Those that somebody may still join with. */
  public List<Token> list() throws IOException {
    return lock.alone(this::remembered).stream().filter(each -> each.expiresMillis() > time.millis()).toList();
  }

  /**
   * From now on it is not taken.
   *
   * @throws Refusal when there is no such token
   */
  public void revoke(String id) throws IOException, Refusal {
    boolean was = ID.matcher(id).matches() && lock.alone(() -> {
      boolean there = folder.read(id).isPresent();
      folder.delete(id);
      return there;
    });
    check(was, "there is no token " + id + "; see 'tenon vm token list'");
  }

  private List<Token> remembered() throws IOException {
    List<Token> all = new ArrayList<>();
    for (String name : folder.names()) {
      Optional<Token> token = find(name);
      if (token.isPresent() && token.get().expiresMillis() + REMEMBERED.toMillis() < time.millis()) {
        folder.delete(name);
      } else {
        token.ifPresent(all::add);
      }
    }
    return all;
  }

  private Optional<Token> find(String id) throws IOException {
    if (!ID.matcher(id).matches()) {
      return Optional.empty();
    }
    Optional<byte[]> content = folder.read(id);
    return content.isEmpty() ? Optional.empty() : Optional.of(Token.of(Card.of(content.get(), folder + "/" + id)));
  }

  /**
   * The token that somebody shows.
   *
   * @throws Refusal when it is none, or has ended
   */
  Token check(String id, String secret) throws IOException, Refusal {
    Optional<Token> known = find(id);
    boolean same = MessageDigest.isEqual(
        known.map(Token::hash).orElse(NOBODY).getBytes(StandardCharsets.US_ASCII), hash(secret).getBytes(StandardCharsets.US_ASCII));
    if (known.isEmpty() || !same) {
      throw new Refusal(Cause.UNPROVEN, "the token is not one of this control plane's, or was revoked; 'tenon vm token create' there makes one");
    }
    Token token = known.get();
    if (token.expiresMillis() <= time.millis()) {
      throw new Refusal(Cause.UNPROVEN,
          "the token " + id + " expired at " + java.time.Instant.ofEpochMilli(token.expiresMillis()) + "; 'tenon vm token create' makes a new one");
    }
    return token;
  }

  /** Counts a use; on the disk when this returns. */
  void spend(Token token, String whom) throws IOException {
    write(token.spentBy(whom));
  }

  private void write(Token token) throws IOException {
    folder.replace(token.id(), token.card().bytes());
  }

  private static String hash(String secret) {
    return Keys.sha256(secret.getBytes(StandardCharsets.UTF_8));
  }
}
