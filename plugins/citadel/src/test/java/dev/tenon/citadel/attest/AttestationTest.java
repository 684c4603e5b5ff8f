package dev.tenon.citadel.attest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tenon.citadel.attest.Refusal.Cause;
import dev.tenon.citadel.keep.PrivateFolder;
import dev.tenon.citadel.sign.Authority;
import dev.tenon.spi.trust.HostIdentity;
import dev.tenon.spi.trust.Possession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttestationTest {
  private static final List<String> REVIEWS = List.of("default/reviews");
  private static final String HERE = "10.0.0.13";

  @TempDir private Path directory = Path.of("");
  private Instant now = Instant.parse("2026-11-23T10:00:00Z");

  @SuppressWarnings("NullAway.Init")
  private Attestation attestation;

  @BeforeEach
  void open() throws IOException {
    attestation = opened();
  }

  private Attestation opened() throws IOException {
    PrivateFolder folder = new PrivateFolder(directory);
    return new Attestation(authority(folder), folder, new Attestation.Terms(Duration.ofHours(24), Duration.ofDays(30)), () -> now);
  }

  private Authority authority(PrivateFolder folder) throws IOException {
    return Authority.open(folder, "cluster.local", () -> now);
  }

  @Test
  void aTokenIsGoodForACredentialThatSaysWhoItIs() throws Exception {
    TokenBook.Made made = token(1);
    Attestation.Granted granted = join(made, key(), "reviews-1");
    X509Certificate own = granted.chain().getFirst();
    own.verify(authority(new PrivateFolder(directory)).certificate().getPublicKey());
    List<String> names = own.getSubjectAlternativeNames().stream().map(each -> String.valueOf(each.get(1))).toList();
    assertThat(HostIdentity.of(names)).hasValueSatisfying(host -> {
      assertThat(host.isOf("default", "reviews-1")).isTrue();
      assertThat(host.mayServe("default", "reviews")).isTrue();
      assertThat(host.mayServe("default", "payments")).isFalse();
    });
    assertThat(own.getNotAfter().toInstant()).isEqualTo(now.plus(Duration.ofHours(24)));
  }

  @Test
  void aWrongSecretAnUnknownTokenAndARevokedOneAreRefused() throws Exception {
    TokenBook.Made made = token(2);
    refused(Cause.UNPROVEN, "not one of this control plane's",
        () -> attestation.join(made.token().id(), "0".repeat(64), proof("join", key(), "a"), REVIEWS, HERE));
    refused(Cause.UNPROVEN, "not one of this control plane's",
        () -> attestation.join("00000000", made.secret(), proof("join", key(), "a"), REVIEWS, HERE));
    attestation.tokens().revoke(made.token().id());
    refused(Cause.UNPROVEN, "was revoked", () -> join(made, key(), "a"));
  }

  @Test
  void anExpiredTokenIsToldSo() throws Exception {
    TokenBook.Made made = token(1);
    now = now.plus(Duration.ofHours(1));
    refused(Cause.UNPROVEN, "expired at 2026-11-23T11:00:00Z", () -> join(made, key(), "a"));
    assertThat(attestation.tokens().list()).isEmpty();
  }

  @Test
  void usesAreCountedAcrossARestart() throws Exception {
    TokenBook.Made made = token(2);
    join(made, key(), "a");
    attestation = opened();
    join(made, key(), "b");
    refused(Cause.UNPROVEN, "used up: it was good for 2 hosts, the last was default/b at 2026-11-23T10:00:00Z from 10.0.0.13", () -> join(made, key(), "c"));
  }

  @Test
  void theSameRequestAgainIsAnsweredAgainAndCountsNoSecondUse() throws Exception {
    TokenBook.Made made = token(1);
    KeyPair key = key();
    join(made, key, "a");
    assertThat(join(made, key, "a").host().name()).isEqualTo("a");
    assertThat(attestation.tokens().list().getFirst().used()).isEqualTo(1);
  }

  @Test
  void aReplayAfterTheHostLeftIsRefused() throws Exception {
    TokenBook.Made made = token(5);
    KeyPair key = key();
    join(made, key, "a");
    attestation.leave("default", "a");
    refused(Cause.UNPROVEN, "was used before, by default/a", () -> join(made, key, "a"));
    assertThat(join(made, key(), "a").host().state()).isEqualTo(Host.State.MEMBER);
  }

  @Test
  void theFirstOfTwoHostsWithOneNameHasItUntilItIsGone() throws Exception {
    TokenBook.Made made = token(5);
    join(made, key(), "a");
    refused(Cause.TAKEN, "tenon vm evict default/a", () -> join(made, key(), "a"));
    attestation.evict("default", "a");
    assertThat(join(made, key(), "a").host().name()).isEqualTo("a");
  }

  @Test
  void aHostAnswersForTheServicesOfItsTokenAlone() throws Exception {
    TokenBook.Made made = token(1);
    refused(Cause.NOT_ALLOWED, "not for default/payments",
        () -> attestation.join(made.token().id(), made.secret(), proof("join", key(), "a"), List.of("default/payments"), HERE));
    assertThat(attestation.tokens().list().getFirst().used()).isZero();
  }

  @Test
  void aClockAnHourOffIsNamed() throws Exception {
    TokenBook.Made made = token(1);
    Proof early = proof("join", key(), "a");
    now = now.plus(Duration.ofMinutes(59));
    refused(Cause.CLOCK, "the clock of this host is 0 h 59 min 0 s behind the control plane's",
        () -> attestation.join(made.token().id(), made.secret(), early, REVIEWS, HERE));
    Proof late = proof("join", key(), "a");
    now = now.minus(Duration.ofHours(1));
    refused(Cause.CLOCK, "the clock of this host is 1 h 0 min 0 s ahead of the control plane's",
        () -> attestation.join(made.token().id(), made.secret(), late, REVIEWS, HERE));
    assertThat(attestation.tokens().list().getFirst().used()).isZero();
  }

  @Test
  void whoDoesNotHaveTheKeyGetsNothing() throws Exception {
    TokenBook.Made made = token(1);
    Proof good = proof("join", key(), "a");
    Proof stolen = new Proof("default", "b", good.clockMillis(), good.publicKey(), good.signature());
    refused(Cause.UNPROVEN, "not made with the key", () -> attestation.join(made.token().id(), made.secret(), stolen, REVIEWS, HERE));
  }

  @Test
  void aHostThatWasAwayForDaysRenewsAndOneThatWasEvictedDoesNot() throws Exception {
    KeyPair key = key();
    join(token(1), key, "a");
    now = now.plus(Duration.ofDays(3));
    Attestation.Granted fresh = attestation.renew(proof("renew", key, "a"), HERE);
    assertThat(fresh.chain().getFirst().getNotAfter().toInstant()).isEqualTo(now.plus(Duration.ofHours(24)));
    refused(Cause.GONE, "no host with that key", () -> attestation.renew(proof("renew", key(), "a"), HERE));
    attestation.evict("default", "a");
    assertThat(attestation.admits(fresh.host().identity("cluster.local"), key.getPublic())).isFalse();
    refused(Cause.GONE, "was evicted; join with a new token", () -> attestation.renew(proof("renew", key, "a"), HERE));
  }

  @Test
  void aHostThatWasAwayForTooLongJoinsAnewAndItsNameIsFree() throws Exception {
    KeyPair key = key();
    join(token(1), key, "a");
    now = now.plus(Duration.ofDays(32));
    refused(Cause.GONE, "was away since", () -> attestation.renew(proof("renew", key, "a"), HERE));
    assertThat(join(token(1), key(), "a").host().name()).isEqualTo("a");
  }

  @Test
  void whoFailsTooOftenHasToWaitAndNobodyElse() throws Exception {
    TokenBook.Made made = token(1);
    for (int i = 0; i < Attestation.MOST_FAILURES_OF_ONE; i++) {
      refused(Cause.UNPROVEN, "", () -> attestation.join(made.token().id(), "guess", proof("join", key(), "a"), REVIEWS, "10.0.0.66"));
    }
    refused(Cause.TOO_MANY, "try again in", () -> attestation.join(made.token().id(), made.secret(), proof("join", key(), "a"), REVIEWS, "10.0.0.66"));
    assertThat(join(made, key(), "a").host().name()).isEqualTo("a");
  }

  @Test
  void noSecretLiesOnTheDiskAndNobodyElseReadsWhatDoes() throws Exception {
    TokenBook.Made made = token(1);
    join(made, key(), "a");
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.toList()) {
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        assertThat(mode).as(file.toString()).isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
        assertThat(Files.isDirectory(file) || !Files.readString(file).contains(made.secret())).as(file.toString()).isTrue();
      }
    }
  }

  @Test
  void theAuthorityIsTheSameAfterARestartAndIsNotReplacedInSilence() throws Exception {
    PrivateFolder folder = new PrivateFolder(directory);
    assertThat(authority(folder).fingerprint()).isEqualTo(authority(folder).fingerprint());
    Files.delete(directory.resolve("authority-key.pem"));
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> authority(folder)).withMessageContaining("bring the key back");
  }

  @Test
  void aRehearsalSaysWhatAJoinWouldAndCountsNoUse() throws Exception {
    TokenBook.Made made = token(1);
    for (int times = 0; times < 3; times++) {
      assertThat(rehearse(made, "reviews-1", REVIEWS).used()).isZero();
    }
    refused(Cause.NOT_ALLOWED, "not for default/payments", () -> rehearse(made, "reviews-1", List.of("default/payments")));
    refused(Cause.INVALID, "a DNS label", () -> rehearse(made, "../../tokens", REVIEWS));
    refused(Cause.UNPROVEN, "not one of this control plane's",
        () -> attestation.rehearse(made.token().id(), "0".repeat(64), "default", "a", REVIEWS, HERE));
    join(made, key(), "reviews-1");
    refused(Cause.TAKEN, "is a member still", () -> rehearse(made, "reviews-1", REVIEWS));
    refused(Cause.UNPROVEN, "is used up", () -> rehearse(made, "reviews-2", REVIEWS));
    now = now.plus(Duration.ofHours(2));
    refused(Cause.UNPROVEN, "expired at", () -> rehearse(made, "reviews-2", REVIEWS));
  }

  private Token rehearse(TokenBook.Made made, String name, List<String> services) throws Exception {
    return attestation.rehearse(made.token().id(), made.secret(), "default", name, services, HERE);
  }

  @Test
  void controlPlanesThatShareTheFolderAreOneAndHearOfEachOthersDecisions() throws Exception {
    Attestation other = opened();
    TokenBook.Made made = token(2);
    KeyPair key = key();
    Attestation.Granted granted = join(made, key, "a");
    HostIdentity identity = granted.host().identity("cluster.local");
    assertThat(other.admits(identity, key.getPublic())).isTrue();
    Files.setLastModifiedTime(directory.resolve("hosts"), FileTime.from(Instant.now().minusSeconds(60)));
    other.lookAround();
    granted.chain().getFirst().verify(authority(new PrivateFolder(directory)).certificate().getPublicKey());
    List<Long> heard = new java.util.ArrayList<>();
    other.departures().subscribe(heard::add);
    other.lookAround();
    assertThat(heard).as("nothing has changed").containsExactly(0L);
    attestation.evict("default", "a");
    other.lookAround();
    assertThat(heard).containsExactly(0L, 1L);
    assertThat(other.admits(identity, key.getPublic())).isFalse();
    assertThat(other.join(made.token().id(), made.secret(), proof("join", key(), "b"), REVIEWS, HERE).host().name()).isEqualTo("b");
    refused(Cause.UNPROVEN, "is used up", () -> join(made, key(), "c"));
  }

  @Test
  void whoeverFollowsDeparturesHearsOfEachHostThatLeavesOrIsTurnedOut() throws Exception {
    TokenBook.Made made = token(2);
    join(made, key(), "a");
    join(made, key(), "b");
    List<Long> heard = new java.util.ArrayList<>();
    attestation.departures().subscribe(heard::add);
    attestation.evict("default", "a");
    attestation.leave("default", "b");
    assertThat(heard).containsExactly(0L, 1L, 2L);
  }

  private TokenBook.Made token(int uses) throws IOException, Refusal {
    return attestation.tokens().create("default", "reviews", List.of(), Duration.ofHours(1), uses);
  }

  private Attestation.Granted join(TokenBook.Made made, KeyPair key, String name) throws Exception {
    return attestation.join(made.token().id(), made.secret(), proof("join", key, name), REVIEWS, HERE);
  }

  private interface Attempt {
    void make() throws Exception;
  }

  private static void refused(Cause why, String message, Attempt attempt) {
    assertThatExceptionOfType(Refusal.class).isThrownBy(attempt::make).withMessageContaining(message).satisfies(
        refusal -> assertThat(refusal.why()).isEqualTo(why));
  }

  private static KeyPair key() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return Objects.requireNonNull(generator.generateKeyPair());
  }

  private Proof proof(String occasion, KeyPair key, String name) throws GeneralSecurityException {
    String shown = HexFormat.of().formatHex(key.getPublic().getEncoded());
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(key.getPrivate());
    signature.update(new Possession(occasion, "default", name, now.toEpochMilli(), shown).bytes());
    return new Proof("default", name, now.toEpochMilli(), shown, HexFormat.of().formatHex(signature.sign()));
  }
}
