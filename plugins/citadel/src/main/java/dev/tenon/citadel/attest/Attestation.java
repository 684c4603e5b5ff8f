package dev.tenon.citadel.attest;

import dev.tenon.citadel.attest.Refusal.Cause;
import dev.tenon.citadel.keep.PrivateFolder;
import dev.tenon.citadel.sign.Authority;
import dev.tenon.citadel.sign.Keys;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.stream.Source;
import dev.tenon.spi.trust.Failures;
import dev.tenon.spi.trust.HostIdentity;
import java.io.IOException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who gets a credential. What it decides is on the disk before it answers; decisions are made one at a time, by whichever
 * generation is asked. Thread-safe.
 */
public final class Attestation {
  static final int MOST_FAILURES_OF_ONE = 10;
  private static final int MOST_FAILURES_OF_ALL = 1_000;
  private static final Logger audit = LoggerFactory.getLogger("dev.tenon.audit.hosts");

  private final Authority authority;
  private final TokenBook tokens;
  private final HostBook hosts;
  private final Terms terms;
  private final InstantSource time;
  private final Cell<Long> departures = new Cell<>(0L);
  private final AtomicReference<@Nullable Object> seen = new AtomicReference<>();
  private final Failures failures = new Failures(MOST_FAILURES_OF_ONE, MOST_FAILURES_OF_ALL, System::nanoTime);

  /**
   * How long things are good for.
   *
   * @param credential a certificate; hosts renew it when half of it is over
   * @param absence how long after its end a host that was away may still renew
   */
  public record Terms(Duration credential, Duration absence) {}

  /**
   * Decides by what lies in a folder.
   *
   * @param folder holds {@code tokens} and {@code hosts}, and a lock for both
   * @throws IOException when these cannot be made
   */
  public Attestation(Authority authority, PrivateFolder folder, Terms terms, InstantSource time) throws IOException {
    this.authority = authority;
    this.tokens = new TokenBook(folder.folder("tokens"), folder, time);
    this.hosts = new HostBook(folder.folder("hosts"), folder);
    this.terms = terms;
    this.time = time;
  }

  /** The tokens that are taken here. */
  public TokenBook tokens() {
    return tokens;
  }

  /** A credential, and what it says. */
  public record Granted(Host host, List<X509Certificate> chain) {}

  /**
   * A token against a credential.
   *
   * @param services {@code NAMESPACE/NAME} that the host answers for
   * @param address where it calls from
   * @throws Refusal with what is wrong and what to do
   * @throws IOException when the disk does not take it: nothing was granted then
   */
  public Granted join(String tokenId, String secret, Proof proof, List<String> services, String address) throws IOException, Refusal {
    return counted(address, () -> {
      PublicKey key = proof.check("join", time.millis());
      allow(tokens.check(tokenId, secret), proof.namespace(), services);
      return alone(() -> admit(tokenId, secret, proof, key, address));
    });
  }

  private static void allow(Token token, String namespace, List<String> services) throws Refusal {
    if (!token.namespace().equals(namespace)) {
      throw new Refusal(Cause.NOT_ALLOWED, "the token is for hosts of the namespace " + token.namespace() + ", not " + namespace
          + "; correct workload.namespace, or make a token for that namespace");
    }
    for (String service : services) {
      if (!token.services().contains(service)) {
        throw new Refusal(Cause.NOT_ALLOWED, "the token lets hosts answer for " + String.join(", ", token.services()) + ", not for " + service
            + "; 'tenon vm token create --service' makes one that does");
      }
    }
  }

  /**
   * What a join would come to for a host that has no key yet. Grants nothing and counts no use.
   *
   * @param name the workload's, or empty to ask for the token alone
   * @return the token
   * @throws Refusal as {@link #join} would
   */
  public Token rehearse(String tokenId, String secret, String namespace, String name, List<String> services, String address)
      throws IOException, Refusal {
    return counted(address, () -> {
      Token token = tokens.check(tokenId, secret);
      if (!name.isEmpty()) {
        if (!Names.isDnsLabel(namespace) || !Names.isDnsLabel(name)) {
          throw new Refusal(Cause.INVALID, "a workload's name and namespace are each " + Names.DNS_LABEL);
        }
        allow(token, namespace, services);
        Optional<Host> before = hosts.find(namespace, name);
        if (before.isPresent() && isMember(before.get())) {
          throw taken(before.get());
        }
      }
      if (token.used() >= token.uses()) {
        throw usedUp(token);
      }
      return token;
    });
  }

  private static Refusal taken(Host host) {
    return new Refusal(Cause.TAKEN, host.shown() + " joined at " + host.since() + " and is a member still; give this host a"
        + " name of its own, or remove that one: 'tenon vm leave' there, or 'tenon vm evict " + host.shown() + "' on the control plane");
  }

  private static Refusal usedUp(Token token) {
    return new Refusal(Cause.UNPROVEN, "the token " + token.id() + " is used up: it was good for " + token.uses()
        + (token.uses() == 1 ? " host" : " hosts") + ", the last was " + token.lastUse() + "; 'tenon vm token create' makes a new one");
  }

  private Granted admit(String tokenId, String secret, Proof proof, PublicKey key, String address) throws IOException, Refusal {
    // Read again now that nobody else writes.
    Token token = tokens.check(tokenId, secret);
    String fingerprint = Keys.fingerprint(key);
    Optional<Host> before = hosts.read(proof.namespace(), proof.name());
    boolean sameKey = before.filter(each -> each.fingerprint().equals(fingerprint)).isPresent();
    if (before.isPresent() && isMember(before.get())) {
      if (!sameKey || !before.get().tokenId().equals(tokenId)) {
        throw taken(before.get());
      }
      return grant(before.get(), key);
    }
    if (sameKey) {
      throw new Refusal(Cause.UNPROVEN, "this request was used before, by " + before.orElseThrow().shown() + ", which is a member no more; join with"
          + " a new key, as 'tenon vm join' makes one");
    }
    if (token.used() >= token.uses()) {
      throw usedUp(token);
    }
    if (before.isEmpty() && hosts.size() >= HostBook.MOST) {
      throw new Refusal(Cause.TOO_MANY, "there are " + HostBook.MOST + " hosts already");
    }
    long now = time.millis();
    tokens.spend(token, proof.namespace() + "/" + proof.name() + " at " + Instant.ofEpochMilli(now) + " from " + address);
    return grant(
        new Host(proof.namespace(), proof.name(), token.group(), token.services(), fingerprint, Host.State.MEMBER, address, token.id(), now, now, now), key);
  }

  /** A host that can never come back leaves its name to others. */
  private boolean isMember(Host host) {
    return host.state() == Host.State.MEMBER && time.millis() <= host.expiresMillis() + terms.absence().toMillis();
  }

  private Granted grant(Host host, PublicKey key) throws IOException {
    X509Certificate certificate = authority.host(host.identity(authority.domain()), key, terms.credential());
    Host next = host.renewed(time.millis(), certificate.getNotAfter().toInstant().toEpochMilli());
    hosts.write(next);
    return new Granted(next, List.of(certificate, authority.certificate()));
  }

  /**
   * A fresh certificate for a member, whether its last one has ended or not.
   *
   * @throws Refusal with what is wrong and what to do
   */
  public Granted renew(Proof proof, String address) throws IOException, Refusal {
    return counted(address, () -> {
      PublicKey key = proof.check("renew", time.millis());
      return alone(() -> {
        Optional<Host> host = hosts.read(proof.namespace(), proof.name());
        if (host.isEmpty() || !host.get().fingerprint().equals(Keys.fingerprint(key))) {
          throw new Refusal(Cause.GONE, proof.namespace() + "/" + proof.name() + " is no host with that key here; join with a new token");
        }
        if (host.get().state() != Host.State.MEMBER) {
          throw new Refusal(Cause.GONE, host.get().shown() + (host.get().state() == Host.State.LEFT ? " left" : " was evicted") + "; join with a new token");
        }
        if (!isMember(host.get())) {
          throw new Refusal(Cause.GONE, host.get().shown() + " was away since " + Instant.ofEpochMilli(host.get().renewedMillis())
              + ", longer than its credential and " + terms.absence().toDays() + " days more; join with a new token");
        }
        return grant(host.get(), key);
      });
    });
  }

  /** A member leaves; its name is free and its credential is not taken any more. */
  public void leave(String namespace, String name) throws IOException, Refusal {
    end(namespace, name, Host.State.LEFT);
  }

  /** The operator turns a host out. */
  public void evict(String namespace, String name) throws IOException, Refusal {
    end(namespace, name, Host.State.EVICTED);
  }

  private void end(String namespace, String name, Host.State state) throws IOException, Refusal {
    alone(() -> {
      Optional<Host> host = hosts.read(namespace, name).filter(each -> each.state() == Host.State.MEMBER);
      if (host.isEmpty()) {
        throw new Refusal(Cause.INVALID, "there is no member " + namespace + "/" + name + "; see 'tenon vm hosts'");
      }
      hosts.write(host.get().now(state));
      return host.get();
    });
    departed();
  }

  private void departed() {
    synchronized (departures) {
      departures.set(departures.get().orElse(0L) + 1);
    }
  }

  /**
   * Looks whether another control plane that shares the folder has let hosts in or out since the last look; then whoever follows
   * {@link #departures} looks at its hosts anew.
   */
  public void lookAround() throws IOException {
    Object now = hosts.mark();
    Object before = seen.getAndSet(now);
    if (before != null && !before.equals(now)) {
      departed();
    }
  }

  /** How many times hosts left or were turned out since the start, or may have, after each. */
  public Source<Long> departures() {
    return departures;
  }

  /** Whether a credential's host is a member, with that key. */
  public boolean admits(HostIdentity identity, PublicKey key) throws IOException {
    return identity.domain().equals(authority.domain())
        && hosts.find(identity.namespace(), identity.name())
            .filter(each -> each.state() == Host.State.MEMBER && each.fingerprint().equals(Keys.fingerprint(key)))
            .isPresent();
  }

  /** All hosts, those included that left. */
  public List<Host> hosts() throws IOException {
    return hosts.alone(hosts::all);
  }

  /** Something that may be refused. */
  private interface Decision<T> {
    T made() throws IOException, Refusal;
  }

  private <T> T counted(String address, Decision<T> decision) throws IOException, Refusal {
    Optional<String> wait = failures.waits(address);
    if (wait.isPresent()) {
      throw new Refusal(Cause.TOO_MANY, wait.get());
    }
    try {
      return decision.made();
    } catch (Refusal refusal) {
      if (refusal.why() != Cause.CLOCK && failures.failed(address)) {
        audit.warn("waits address=\"{}\" failures={} latest={}", address, MOST_FAILURES_OF_ONE, refusal.why());
      }
      throw refusal;
    }
  }

  private <T> T alone(Decision<T> decision) throws IOException, Refusal {
    Refusal[] refused = new Refusal[1];
    Optional<T> made =
        hosts.alone(
            () -> {
              try {
                return Optional.of(decision.made());
              } catch (Refusal e) {
                refused[0] = e;
                return Optional.empty();
              }
            });
    if (made.isEmpty()) {
      throw refused[0];
    }
    return made.get();
  }
}
