package dev.tenon.registry.vm.accept;

import static dev.tenon.registry.vm.accept.Said.claim;
import static dev.tenon.registry.vm.accept.Said.reviews;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.spi.trust.HostIdentity;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a host may say of itself by its credential. */
class OwnerTest {
  private static final List<String> URIS = new HostIdentity("cluster.local", "default", "reviews", "reviews-1", List.of("default/reviews")).uris();

  @Test
  void aHostIsOfTheGroupThatItJoined() throws BadBeat {
    assertThat(Owner.checked(URIS, claim(reviews("reviews-1", "10.0.0.13"))).registrant().orElseThrow().group()).isEqualTo("reviews");
    assertThat(Owner.checked(URIS, claim(reviews("reviews-1", "10.0.0.13").setGroup("reviews"))).registrant().orElseThrow().groupKey()).isEqualTo("default/reviews");
    assertThatThrownBy(() -> Owner.checked(URIS, claim(reviews("reviews-1", "10.0.0.13").setGroup("payments"))))
        .hasMessageStartingWith("workload.group: the host joined the group reviews, not payments");
  }

  @Test
  void onThisMachineAWorkloadSaysItselfOfWhichGroupItIs() throws BadBeat {
    assertThat(Owner.checked(List.of(), claim(reviews("a", "10.0.0.13").setGroup("any"))).registrant().orElseThrow().group()).isEqualTo("any");
  }
}
