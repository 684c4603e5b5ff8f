package dev.tenon.registry.vm.lease;

import static dev.tenon.registry.vm.accept.Said.claim;
import static dev.tenon.registry.vm.accept.Said.first;
import static dev.tenon.registry.vm.accept.Said.reviews;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.registry.vm.accept.Ending;
import dev.tenon.registry.vm.accept.Holder;
import dev.tenon.wire.registration.v1.Beat;
import dev.tenon.wire.registration.v1.Workload;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final long SECOND = 1_000_000_000L;
  private final AtomicInteger ids = new AtomicInteger();
  private final Ledger ledger = new Ledger(3, () -> "lease-%016d".formatted(ids.incrementAndGet()));

  private Lease granted(Holder holder, Workload.Builder said, String id, long now) {
    return granted(holder, first(said).toBuilder().setLeaseId(id).build(), now).lease();
  }

  private Decision.Granted granted(Holder holder, Beat beat, long now) {
    return (Decision.Granted) ledger.beat(holder, claim(beat), now);
  }

  private Ending.Cause refused(Holder holder, Beat beat) {
    return ((Decision.Refused) ledger.beat(holder, claim(beat), 0)).ending().cause();
  }

  @Test
  void aFirstBeatMakesALeaseAndALaterOneOnlyRenewsIt() {
    Streams stream = new Streams();
    Decision.Granted first = granted(stream, first(reviews("a", "127.0.0.13")), 0);
    assertThat(first.changes()).containsExactly(new Change.Put(first.lease()));
    assertThat(first.lease().timeToLive()).isEqualTo(Duration.ofSeconds(10));
    Decision.Granted later = granted(stream, Beat.getDefaultInstance(), SECOND);
    assertThat(later.changes()).isEmpty();
    assertThat(later.lease()).isEqualTo(first.lease());
  }

  @Test
  void aLeaseExpiresWithoutBeatsAndNotBefore() {
    Streams stream = new Streams();
    granted(stream, reviews("a", "127.0.0.13"), "", 0);
    granted(stream, Beat.getDefaultInstance(), 6 * SECOND);
    assertThat(ledger.expire(15 * SECOND)).isEmpty();
    assertThat(ledger.expire(16 * SECOND)).singleElement()
        .satisfies(ended -> assertThat(ended.lease().key()).isEqualTo("default/a"))
        .satisfies(ended -> assertThat(ended.holders()).containsExactly(stream));
    assertThat(ledger.size()).isZero();
  }

  @Test
  void aShorterLifeTakesEffectAtOnce() {
    Streams stream = new Streams();
    Beat hour = first(reviews("a", "127.0.0.13")).toBuilder().setTimeToLive(seconds(3600)).build();
    granted(stream, hour, 0);
    assertThat(granted(stream, Beat.newBuilder().setTimeToLive(seconds(2)).build(), SECOND).changes()).hasSize(1);
    assertThat(ledger.expire(3 * SECOND)).hasSize(1);
  }

  private static com.google.protobuf.Duration seconds(long seconds) {
    return com.google.protobuf.Duration.newBuilder().setSeconds(seconds).build();
  }

  @Test
  void aBrokenStreamLeavesItsLeaseAndItsIdLeadsBackToIt() {
    Streams before = new Streams();
    Lease lease = granted(before, reviews("a", "127.0.0.13"), "", 0);
    ledger.broke(before);
    assertThat(ledger.size()).isOne();
    Beat back = first(reviews("a", "127.0.0.13")).toBuilder().setLeaseId(lease.id()).build();
    assertThat(granted(new Streams(), back, SECOND).changes()).isEmpty();
  }

  @Test
  void leavingEndsTheLeaseForAllItsStreams() {
    Streams one = new Streams();
    Streams two = new Streams();
    Lease lease = granted(one, reviews("a", "127.0.0.13"), "", 0);
    granted(two, reviews("a", "127.0.0.13"), lease.id(), 0);
    assertThat(ledger.leave(one).orElseThrow().holders()).containsExactlyInAnyOrder(one, two);
    assertThat(ledger.size()).isZero();
    assertThat(ledger.leave(two)).isEmpty();
  }

  @Test
  void aNameAliveElsewhereIsTaken() {
    Streams first = new Streams();
    granted(first, reviews("a", "127.0.0.13"), "", 0);
    assertThat(refused(new Streams(), first(reviews("a", "127.0.0.14")))).isEqualTo(Ending.Cause.TAKEN);
    ledger.broke(first);
    Decision.Granted after = granted(new Streams(), first(reviews("a", "127.0.0.14")), 0);
    assertThat(after.lease().registrant().workload().address()).isEqualTo("127.0.0.14");
    assertThat(ledger.size()).isOne();
  }

  @Test
  void whoeverHasTheLeaseIdMayMove() {
    Lease lease = granted(new Streams(), reviews("a", "127.0.0.13"), "", 0);
    Streams moved = new Streams();
    granted(moved, reviews("a", "127.0.0.14"), lease.id(), 0);
    Decision.Granted renamed = granted(moved, first(reviews("b", "127.0.0.14")), 0);
    assertThat(renamed.changes()).containsExactly(new Change.Removed("default/a"), new Change.Put(renamed.lease()));
    assertThat(ledger.size()).isOne();
  }

  @Test
  void theSameAddressTakesItsNameOverAndOustsTheStreamThatHeldIt() {
    Streams before = new Streams();
    Lease lease = granted(before, reviews("a", "127.0.0.13"), "", 0);
    Decision.Granted after = granted(new Streams(), first(reviews("a", "127.0.0.13")), 0);
    assertThat(after.ousted()).containsExactly(before);
    assertThat(after.lease().id()).isNotEqualTo(lease.id());
    assertThat(ledger.size()).isOne();
  }

  @Test
  void aRenamedLeaseDoesNotPushALivingOneOut() {
    granted(new Streams(), reviews("a", "127.0.0.13"), "", 0);
    Streams other = new Streams();
    granted(other, reviews("b", "127.0.0.14"), "", 0);
    assertThat(refused(other, first(reviews("a", "127.0.0.14")))).isEqualTo(Ending.Cause.TAKEN);
    assertThat(ledger.size()).isEqualTo(2);
  }

  @Test
  void anIdThatIsNotKnownAnyMoreIsTakenUpAgain() {
    assertThat(granted(new Streams(), reviews("a", "127.0.0.13"), "0123456789abcdef", 0).id()).isEqualTo("0123456789abcdef");
  }

  @Test
  void theNumberOfLeasesIsBounded() {
    for (String name : new String[] {"a", "b", "c"}) {
      granted(new Streams(), reviews(name, "127.0.0.13"), "", 0);
    }
    assertThat(refused(new Streams(), first(reviews("d", "127.0.0.13")))).isEqualTo(Ending.Cause.FULL);
    granted(new Streams(), reviews("c", "127.0.0.13"), "", 0);
  }

  @Test
  void aStreamSaysFirstWhoItIsAndHoldsOneLease() {
    Streams stream = new Streams();
    assertThat(refused(stream, Beat.getDefaultInstance())).isEqualTo(Ending.Cause.INVALID);
    granted(stream, reviews("a", "127.0.0.13"), "", 0);
    assertThat(refused(stream, Beat.newBuilder().setLeaseId("another-lease-id").build())).isEqualTo(Ending.Cause.INVALID);
  }

  @Test
  void whatIsReadBackHasAGracePeriodOfAtLeastTenSeconds() {
    Lease brief = granted(new Streams(), first(reviews("a", "127.0.0.13")).toBuilder().setTimeToLive(seconds(2)).build(), 0).lease();
    Lease lengthy = granted(new Streams(), first(reviews("b", "127.0.0.14")).toBuilder().setTimeToLive(seconds(60)).build(), 0).lease();
    Ledger later = new Ledger(3, () -> "none");
    later.restore(brief, LeaseDesk.GRACE, 0);
    later.restore(lengthy, LeaseDesk.GRACE, 0);
    assertThat(later.expire(9 * SECOND)).isEmpty();
    assertThat(later.expire(10 * SECOND)).extracting(ended -> ended.lease().key()).containsExactly("default/a");
    assertThat(later.expire(59 * SECOND)).isEmpty();
    assertThat(later.expire(60 * SECOND)).hasSize(1);
  }
}
