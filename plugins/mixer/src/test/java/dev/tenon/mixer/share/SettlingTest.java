package dev.tenon.mixer.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.mixer.Counting;
import dev.tenon.mixer.SmallKernel;
import dev.tenon.spi.policy.Charge;
import dev.tenon.spi.policy.Charge.Settled;
import dev.tenon.spi.policy.Grant;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With its next question about a key, a proxy tells what became of what it was granted. */
class SettlingTest {
  private static final String LIMIT =
      """
      kind: handler
      metadata: {name: limit}
      spec: {compiledAdapter: counting}
      ---
      kind: instance
      metadata: {name: requests}
      spec: {compiledTemplate: quota, params: {dimensions: {user: 'request.headers["x-user"]'}}}
      ---
      kind: rule
      metadata: {name: limits, annotations: {policy.tenon.dev/on-failure: closed}}
      spec: {actions: [{handler: limit, instances: [requests]}]}
      """;

  private static final Duration LONG = Duration.ofMinutes(1);

  private final SmallKernel kernel = SmallKernel.start();
  private final List<Charge> asked = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    kernel.close();
  }

  private PolicyServer server(ToLongFunction<Charge> granted, Duration validity) {
    Counting counting = new Counting(true, (instance, charge) -> {
      asked.add(charge);
      return new Grant(granted.applyAsLong(charge), validity, Grant.Standing.UNKNOWN, 100 + asked.size());
    });
    return new PolicyServer(kernel, counting).rules(LIMIT).start();
  }

  private AskingProxy proxy(PolicyServer server, boolean prefetch) {
    return new AskingProxy(kernel, List.of(server.address()), new Shared.Terms(Duration.ofSeconds(5), prefetch, false), LIMIT, Counting.upTo(0, true));
  }

  private void assertSpent(Settled settled, long mark, Duration least) {
    assertThat(settled.mark()).isEqualTo(mark);
    assertThat(settled.amount()).isEqualTo(1);
    assertThat(settled.before()).isGreaterThan(least).isLessThan(LONG);
  }

  @Test
  void eachRequestThatAskedForItselfTellsWhenItWentOn() {
    try (PolicyServer server = server(Charge::amount, LONG); AskingProxy proxy = proxy(server, false)) {
      for (String user : List.of("ann", "bob", "ann", "ann")) {
        assertThat(proxy.allowed(user)).isTrue();
      }
      assertThat(asked.get(0).settled()).isEmpty();
      assertThat(asked.get(1).settled()).as("of another key").isEmpty();
      assertSpent(asked.get(2).settled().getFirst(), 101, LONG.minusSeconds(10));
      assertSpent(asked.get(3).settled().getFirst(), 103, LONG.minusSeconds(10));
      assertThat(asked.get(3).settled()).as("once").hasSize(1);
    }
  }

  @Test
  void whatWasGrantedAheadIsToldWhenAllOfItIsSpent() {
    try (PolicyServer server = server(Charge::amount, LONG); AskingProxy proxy = proxy(server, true)) {
      for (int i = 0; i < 3; i++) {
        assertThat(proxy.allowed("ann")).isTrue();
      }
      List<Settled> told = asked.stream().flatMap(each -> each.settled().stream()).toList();
      assertThat(told).isNotEmpty();
      assertSpent(told.getFirst(), 101, LONG.minusSeconds(10));
    }
  }

  @Test
  void whatLapsedIsGivenBack() {
    try (PolicyServer server = server(Charge::most, Duration.ofMillis(1_500)); AskingProxy proxy = proxy(server, true)) {
      assertThat(proxy.allowed("ann")).isTrue();
      long most = asked.getFirst().most();
      assertThat(most).isGreaterThan(1);
      await().atMost(Duration.ofSeconds(40)).pollDelay(Duration.ofMillis(1_600)).until(() -> true);
      assertThat(proxy.allowed("ann")).isTrue();
      assertThat(asked.get(1).settled()).containsExactly(new Settled(101, most - 1, Settled.NEVER));
    }
  }

  @Test
  void whatCameTooLateIsGivenBack() {
    try (PolicyServer server = server(Charge::amount, Duration.ofNanos(1)); AskingProxy proxy = proxy(server, false)) {
      assertThat(proxy.denial("ann")).startsWith("UNAVAILABLE:the policy service's grants come too late");
      assertThat(asked).hasSize(3);
      assertThat(asked.get(1).settled()).containsExactly(new Settled(101, 1, Settled.NEVER));
      assertThat(asked.get(2).settled()).containsExactly(new Settled(102, 1, Settled.NEVER));
    }
  }
}
