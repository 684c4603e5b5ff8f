package dev.tenon.citadel.attest;

import dev.tenon.citadel.keep.Card;
import dev.tenon.spi.trust.HostIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * A host that joined.
 *
 * @param fingerprint of its key: SHA-256 of the SubjectPublicKeyInfo, in hexadecimal digits
 * @param address where it joined from
 * @param tokenId of the token that it joined with
 * @param expiresMillis when its last certificate ends
 */
public record Host(
    String namespace,
    String name,
    String group,
    List<String> services,
    String fingerprint,
    State state,
    String address,
    String tokenId,
    long joinedMillis,
    long renewedMillis,
    long expiresMillis) {

  /** Whether it belongs to the mesh. */
  public enum State {
    MEMBER,
    LEFT,
    EVICTED
  }

  public Host {
    services = List.copyOf(services);
  }

  HostIdentity identity(String domain) {
    return new HostIdentity(domain, namespace, group, name, services);
  }

  Host now(State next) {
    return new Host(namespace, name, group, services, fingerprint, next, address, tokenId, joinedMillis, renewedMillis, expiresMillis);
  }

  Host renewed(long atMillis, long untilMillis) {
    return new Host(namespace, name, group, services, fingerprint, state, address, tokenId, joinedMillis, atMillis, untilMillis);
  }

  String key() {
    return namespace + "." + name;
  }

  String shown() {
    return namespace + "/" + name;
  }

  String since() {
    return Instant.ofEpochMilli(joinedMillis) + " from " + address;
  }

  Card card() {
    return new Card().with("namespace", namespace).with("name", name).with("group", group).with("services", services)
        .with("key", fingerprint).with("state", state.name().toLowerCase(Locale.ROOT)).with("address", address).with("token", tokenId)
        .with("joined", joinedMillis).with("renewed", renewedMillis).with("expires", expiresMillis);
  }

  static Host of(Card card) {
    return new Host(card.text("namespace"), card.text("name"), card.text("group"), card.words("services"), card.text("key"),
        State.valueOf(card.text("state").toUpperCase(Locale.ROOT)), card.text("address"), card.text("token"),
        card.number("joined"), card.number("renewed"), card.number("expires"));
  }
}
