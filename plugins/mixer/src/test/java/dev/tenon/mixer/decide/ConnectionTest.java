package dev.tenon.mixer.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tenon.mixer.Counting;
import dev.tenon.mixer.Scripted;
import dev.tenon.mixer.SmallKernel;
import dev.tenon.mixer.Told;
import dev.tenon.mixer.Yaml;
import dev.tenon.mixer.evaluate.GivenAttributes;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.PolicyEngine.Connection;
import dev.tenon.spi.policy.PolicyEngine.Moved;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import dev.tenon.spi.policy.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections of TCP: judged when they open, told of from then to their end. */
class ConnectionTest {
  private static final String POLICY =
      """
      kind: handler
      metadata: {name: guard}
      spec: {compiledAdapter: scripted}
      ---
      kind: handler
      metadata: {name: limit}
      spec: {compiledAdapter: counting}
      ---
      kind: handler
      metadata: {name: ears}
      spec: {compiledAdapter: told}
      ---
      kind: instance
      metadata: {name: anything}
      spec: {compiledTemplate: checknothing}
      ---
      kind: instance
      metadata: {name: amount}
      spec: {compiledTemplate: quota}
      ---
      kind: instance
      metadata: {name: moment}
      spec:
        compiledTemplate: metric
        params:
          value: connection.received.bytes
          dimensions:
            event: connection.event
            from: source.namespace
            received: connection.received.bytes_total
            sent: connection.sent.bytes
            sentInAll: connection.sent.bytes_total
            took: connection.duration | "0ms"
            code: check.error_code | 0
      ---
      kind: rule
      metadata: {name: no-strangers}
      spec: {match: context.protocol == "tcp" && source.namespace == "far", actions: [{handler: guard, instances: [anything]}]}
      ---
      kind: rule
      metadata: {name: requests-only}
      spec: {match: request.method == "GET", actions: [{handler: guard, instances: [anything]}]}
      ---
      kind: rule
      metadata: {name: a-limit}
      spec: {actions: [{handler: limit, instances: [amount]}]}
      ---
      kind: rule
      metadata: {name: tell}
      spec: {match: context.protocol == "tcp", actions: [{handler: ears, instances: [moment]}]}
      """;

  private final SmallKernel kernel = SmallKernel.start();
  private final Told told = new Told(true);
  private final Counting counting = Counting.upTo(0, true);

  @AfterEach
  void close() {
    kernel.close();
  }

  private Connection connection(Scripted guard, String namespace) {
    kernel.install(guard, told, counting);
    Attributes attributes = new GivenAttributes(Map.of("context.protocol", "tcp", "source.namespace", namespace, "connection.id", "1"));
    return kernel.engine().compile(Yaml.policy(POLICY)).connection(attributes);
  }

  private static Scripted denying() {
    return Scripted.computing("scripted", instance -> Scripted.deny("stay away"));
  }

  private static Outcome open(Connection connection) {
    CompletableFuture<Outcome> later = new CompletableFuture<>();
    Outcome now = connection.open(later::complete);
    return now == null ? later.orTimeout(10, TimeUnit.SECONDS).join() : now;
  }

  private static Moved moved(long received, long sent, int seconds) {
    return new Moved(received, sent, Duration.ofSeconds(seconds));
  }

  private List<? extends Map<?, ?>> moments(int wanted) {
    await().until(() -> told.instances.size() >= wanted);
    return told.instances.stream().map(each -> (Map<?, ?>) each.values().get("dimensions")).toList();
  }

  private static Map<String, Object> moment(String event, String from, long received, long sent, long sentInAll, int seconds, long code) {
    return Map.of(
        "event", event, "from", from, "received", received, "sent", sent, "sentInAll", sentInAll, "took", Duration.ofSeconds(seconds), "code", code);
  }

  @Test
  void isToldOfWhenItOpensWhileItGoesOnAndWhenItIsOver() {
    Connection connection = connection(denying(), "near");
    assertThat(open(connection).verdict()).isInstanceOf(Verdict.Allow.class);
    connection.goesOn(moved(100, 10, 10));
    connection.goesOn(moved(100, 30, 20));
    connection.closed(moved(150, 31, 23));
    connection.closed(moved(999, 999, 24));
    connection.goesOn(moved(999, 999, 25));
    List<? extends Map<?, ?>> moments = moments(4);
    assertThat(moments.get(0)).isEqualTo(moment("open", "near", 0, 0, 0, 0, 0));
    assertThat(moments.get(1)).isEqualTo(moment("continue", "near", 100, 10, 10, 0, 0));
    assertThat(moments.get(2)).isEqualTo(moment("continue", "near", 100, 20, 30, 0, 0));
    assertThat(moments.get(3)).isEqualTo(moment("close", "near", 150, 1, 31, 23, 0));
    assertThat(told.instances.stream().map(each -> each.values().get("value")).toList()).isEqualTo(List.of(0L, 100L, 0L, 50L));
  }

  @Test
  void oneThatIsDeniedIsToldOfOnceWithTheCode() {
    Connection connection = connection(denying(), "far");
    Outcome outcome = open(connection);
    assertThat(outcome.rule()).isEqualTo("no-strangers.default");
    connection.goesOn(moved(5, 0, 1));
    connection.closed(moved(5, 0, 1));
    assertThat(moments(1)).isEqualTo(List.of(moment("close", "far", 5, 0, 0, 1, 7)));
  }

  @Test
  void quotasCountRequestsAndNoConnections() {
    Connection connection = connection(denying(), "near");
    assertThat(open(connection).verdict()).isInstanceOf(Verdict.Allow.class);
    assertThat(counting.asked).isEmpty();
  }

  @Test
  void aVerdictThatComesLateOpensItThenOrNotAtAll() {
    CountDownLatch answer = new CountDownLatch(1);
    Scripted slow =
        Scripted.blocking(
            "scripted",
            instance -> {
              try {
                answer.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return Verdict.ALLOW;
            });
    Connection connection = connection(slow, "far");
    CompletableFuture<Outcome> later = new CompletableFuture<>();
    @Nullable Outcome now = connection.open(later::complete);
    assertThat(now).isNull();
    connection.goesOn(moved(1, 0, 0));
    connection.closed(moved(1, 0, 1));
    answer.countDown();
    assertThat(later.orTimeout(10, TimeUnit.SECONDS).join().verdict()).isInstanceOf(Verdict.Allow.class);
    assertThat(moments(1)).as("it was over before").isEqualTo(List.of(moment("close", "far", 1, 0, 0, 1, 0)));
  }

  @Test
  void oneThatNeverSentAnythingIsNotToldOf() {
    connection(denying(), "near").closed(moved(0, 0, 1));
    Connection other = connection(denying(), "near");
    open(other);
    other.closed(moved(0, 0, 2));
    assertThat(moments(2)).hasSize(2);
  }

  @Test
  void opensOnce() {
    Connection connection = connection(denying(), "near");
    open(connection);
    assertThatThrownBy(() -> connection.open(outcome -> {})).isInstanceOf(IllegalStateException.class);
  }
}
