package dev.tenon.adapter.listchecker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.tenon.kernel.boot.YamlText;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.testkit.contract.GivenRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists that lie elsewhere, and change there. */
class FollowedListTest {
  private static final int MILLION = 1_000_000;

  @TempDir Path folder;
  private final Queue<String> conditions = new ConcurrentLinkedQueue<>();
  private volatile String list = "";
  private volatile int answer = 200;
  private HttpServer server;

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 8);
    server.createContext(
        "/list",
        exchange -> {
          String condition = exchange.getRequestHeaders().getFirst("if-none-match");
          conditions.add(condition == null ? "" : condition);
          String tag = "\"" + list.hashCode() + "\"";
          exchange.getResponseHeaders().set("etag", tag);
          boolean same = answer == 200 && tag.equals(condition);
          byte[] body = list.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(same ? 304 : answer, same || body.length == 0 ? -1 : body.length);
          if (!same) {
            exchange.getResponseBody().write(body);
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String web() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/list";
  }

  private static Fields fields(String yaml) {
    return Fields.of((Node.Mapping) new YamlText().parse("handler.yaml", yaml).getFirst());
  }

  private static Adapter handler(String yaml) {
    Fields fields = fields(yaml);
    Adapter adapter = new ListChecker().build("list.default", fields);
    assertThat(fields.close()).isEmpty();
    return adapter;
  }

  private static boolean allows(Adapter adapter, Object value) {
    return adapter.check(new Instance("it.instance.default", Template.LISTENTRY, Map.of("value", value), GivenRequest.of(Map.of())))
        instanceof Verdict.Allow;
  }

  private static double figure(Adapter adapter, String name) {
    return adapter.figures().stream()
        .filter(each -> each.name().equals(name))
        .flatMap(each -> each.samples().stream())
        .mapToDouble(each -> each.value() instanceof dev.tenon.spi.telemetry.MetricSnapshot.Amount amount ? amount.value() : 0)
        .findFirst()
        .orElse(-1);
  }

  @Test
  void aServersListIsFollowedAndWhatIsWrittenInPlaceIsInItToo() {
    list = "john\nann\n";
    try (Adapter adapter = handler("providerUrl: " + web() + "\nrefreshInterval: 1s\noverrides: [eve]")) {
      assertThat(allows(adapter, "john") && allows(adapter, "eve")).as("at once").isTrue();
      assertThat(allows(adapter, "mary")).isFalse();
      await().atMost(Duration.ofSeconds(40)).until(() -> conditions.size() >= 2);
      assertThat(conditions).as("asks for what has changed only").anyMatch(each -> !each.isEmpty());
      list = "mary\n";
      await().atMost(Duration.ofSeconds(40)).until(() -> allows(adapter, "mary"));
      assertThat(allows(adapter, "john")).isFalse();
    }
  }

  @Test
  void theLastGoodListStaysInUseWhileTheProviderIsIllAndSaysSo() {
    list = "10.0.0.0/8\n";
    try (Adapter adapter = handler("providerUrl: " + web() + "\nrefreshInterval: 1s\nentryType: IP_ADDRESSES")) {
      assertThat(allows(adapter, "10.1.2.3")).isTrue();
      assertThat(figure(adapter, "listchecker_stale")).isZero();
      answer = 500;
      assertThat(adapter.concern()).isEmpty();
      await().atMost(Duration.ofSeconds(40)).until(() -> figure(adapter, "listchecker_stale") == 1);
      assertThat(adapter.concern()).startsWith("the list at " + web() + " cannot be had: ").contains("500").endsWith(" s ago is used");
      assertThat(allows(adapter, "10.1.2.3")).isTrue();
      answer = 200;
      list = "10.0.0.0/8\nten\n";
      int asked = conditions.size();
      await().atMost(Duration.ofSeconds(40)).until(() -> conditions.size() >= asked + 2);
      assertThat(allows(adapter, "10.1.2.3")).as("a list that cannot be used is not").isTrue();
      list = "whitelist:\n- \"192.0.2.0/24\" # documentation\n- 2001:db8::/32\n";
      await().atMost(Duration.ofSeconds(40)).until(() -> allows(adapter, "192.0.2.9") && figure(adapter, "listchecker_stale") == 0);
      assertThat(adapter.concern()).isEmpty();
      assertThat(allows(adapter, "10.1.2.3")).isFalse();
      assertThat(allows(adapter, "2001:db8::1")).isTrue();
    }
  }

  @Test
  void aListThatIsOlderThanItsTtlIsNotUsed() {
    list = "john\n";
    try (Adapter adapter = handler("providerUrl: " + web() + "\nrefreshInterval: 1s\nttl: 2s")) {
      assertThat(allows(adapter, "john")).isTrue();
      answer = 503;
      await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThatThrownBy(() -> allows(adapter, "john")).hasMessageContaining("older than its ttl"));
    }
  }

  @Test
  void whereThereNeverWasAListTheRuleDecides() {
    answer = 404;
    try (Adapter adapter = handler("providerUrl: " + web())) {
      assertThatThrownBy(() -> allows(adapter, "john")).hasMessageContaining("there is no list yet");
    }
  }

  @Test
  void aFilesChangesArePickedUpAndItsLossIsNot() throws IOException {
    Path file = Files.writeString(folder.resolve("list"), "^v[12]$\n");
    try (Adapter adapter = handler("providerUrl: " + file.toUri() + "\nentryType: REGEX\nblacklist: true")) {
      assertThat(allows(adapter, "v1")).isFalse();
      assertThat(allows(adapter, "v3")).isTrue();
      Path next = Files.writeString(folder.resolve("next"), "^v3$\n");
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      await().atMost(Duration.ofSeconds(40)).until(() -> !allows(adapter, "v3"));
      assertThat(allows(adapter, "v1")).isTrue();
      Files.delete(file);
      await().atMost(Duration.ofSeconds(40)).until(() -> figure(adapter, "listchecker_stale") == 1);
      assertThat(allows(adapter, "v3")).isFalse();
    }
  }

  @Test
  void aMillionEntriesTakeTheirLengthAndALittle() throws IOException {
    StringBuilder entries = new StringBuilder();
    for (int i = 0; i < MILLION; i++) {
      entries.append("customer-").append(1_000_000 + i).append('\n');
    }
    Path file = Files.writeString(folder.resolve("many"), entries);
    try (Adapter adapter = handler("providerUrl: " + file.toUri())) {
      await().atMost(Duration.ofSeconds(40)).until(() -> figure(adapter, "listchecker_entries") == MILLION);
      assertThat(allows(adapter, "customer-1999999") && allows(adapter, "customer-1000000")).isTrue();
      assertThat(allows(adapter, "customer-2000000") || allows(adapter, "customer-199999")).isFalse();
    }
    assertThat(Texts.of(List.of(entries.toString().split("\n")), false).octets()).isLessThan(MILLION * (16L + 24));
  }

  @Test
  void aMillionNetworksAreLookedUpInTwentySteps() throws IOException {
    StringBuilder entries = new StringBuilder();
    for (int i = 0; i < MILLION; i++) {
      entries.append(11 + (i >> 18)).append('.').append(i >> 10 & 255).append('.').append(i >> 2 & 255).append('.').append((i & 3) * 64).append("/27\n");
    }
    Path file = Files.writeString(folder.resolve("networks"), entries);
    try (Adapter adapter = handler("providerUrl: " + file.toUri() + "\nentryType: IP_ADDRESSES")) {
      await().atMost(Duration.ofSeconds(40)).until(() -> figure(adapter, "listchecker_entries") == MILLION);
      assertThat(allows(adapter, "11.0.0.31") && allows(adapter, "14.200.3.65")).isTrue();
      assertThat(allows(adapter, "11.0.0.32") || allows(adapter, "10.255.255.255") || allows(adapter, "200.0.0.1")).isFalse();
    }
  }

  @Test
  void whatIsWrongIsSaid() {
    Fields params = fields("providerUrl: ftp://lists/x\nrefreshInterval: 10ms\nttl: 5ms");
    new ListChecker().build("list.default", params).close();
    assertThat(params.close().toString())
        .contains("\"ftp://lists/x\" is no place of a list")
        .contains("refreshInterval: should be at least 1s")
        .contains("ttl: is shorter than refreshInterval");
  }
}
