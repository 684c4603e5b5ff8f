package dev.tenon.citadel.attest;

import dev.tenon.citadel.keep.Card;
import java.util.List;

/**
 * What is known of a join token; not its secret.
 *
 * @param hash SHA-256 of the secret, in hexadecimal digits
 * @param services {@code NAMESPACE/NAME}: what hosts that join with it may answer for
 * @param uses how many hosts may join with it
 * @param used how many have
 * @param lastUse by whom and when, for the message to the one that comes too late; empty while nobody has
 */
public record Token(
    String id,
    String hash,
    String namespace,
    String group,
    List<String> services,
    long createdMillis,
    long expiresMillis,
    int uses,
    int used,
    String lastUse) {
  public Token {
    services = List.copyOf(services);
  }

  Token spentBy(String whom) {
    return new Token(id, hash, namespace, group, services, createdMillis, expiresMillis, uses, used + 1, whom);
  }

  Card card() {
    return new Card().with("id", id).with("hash", hash).with("namespace", namespace).with("group", group).with("services", services)
        .with("created", createdMillis).with("expires", expiresMillis).with("uses", uses).with("used", used).with("lastUse", lastUse);
  }

  static Token of(Card card) {
    return new Token(card.text("id"), card.text("hash"), card.text("namespace"), card.text("group"), card.words("services"),
        card.number("created"), card.number("expires"), (int) card.number("uses"), (int) card.number("used"), card.text("lastUse"));
  }
}
