package dev.tenon.adapter.redisquota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tenon.kernel.boot.YamlText;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.Charge;
import dev.tenon.spi.policy.Grant;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.QuotaAdapter;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.telemetry.MetricSnapshot.Amount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("system")
class RedisQuotaTest {
  @TempDir Path files;

  private static QuotaAdapter handler(String yaml) {
    Fields fields = Fields.of((Node.Mapping) new YamlText().parse("handler.yaml", yaml).getFirst(), "spec.params");
    QuotaAdapter adapter = (QuotaAdapter) new RedisQuota().build("limit.default", fields);
    assertThat(fields.close()).isEmpty();
    return adapter;
  }

  private static String params(RedisServer redis, String quota) {
    return "redisServerUrl: \"" + redis.address() + "\"\nquotas: [{name: requests, " + quota + "}]\n";
  }

  private static Grant take(QuotaAdapter adapter, Charge charge) {
    return adapter.take(instance("ann"), charge);
  }

  private static void take(QuotaAdapter adapter, String user, long amount) {
    assertThat(adapter.take(instance(user), new Charge(amount, false, "")).granted()).isEqualTo(amount);
  }

  private static Instance instance(String user) {
    return new Instance("requests.instance.default", Template.QUOTA, Map.of("dimensions", Map.of("user", user)), Nothing.HERE);
  }

  private static double figure(QuotaAdapter adapter, String result) {
    return adapter.figures().stream()
        .filter(family -> family.name().equals("redisquota_adapter_questions_total"))
        .flatMap(family -> family.samples().stream())
        .filter(sample -> sample.labels().containsValue(result))
        .mapToDouble(sample -> ((Amount) sample.value()).value())
        .sum();
  }

  private static long all(QuotaAdapter adapter) {
    return take(adapter, new Charge(1_000_000, true, "")).granted();
  }

  private void openssl(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    Process made = new ProcessBuilder(command).directory(files.toFile()).redirectErrorStream(true).start();
    String said = new String(made.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(made.waitFor()).as(said).isZero();
  }

  @Test
  void tlsOfAnAuthorityOfOnesOwnAndAPasswordOfAFile() throws Exception {
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=authority");
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "redis.key", "-out", "redis.csr", "-subj", "/CN=redis");
    Files.writeString(files.resolve("names"), "subjectAltName=IP:127.0.0.1\n");
    openssl("x509", "-req", "-in", "redis.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", "redis.pem");
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "other.key", "-out", "other.pem", "-days", "2", "-subj", "/CN=other");
    Path password = Files.writeString(files.resolve("password"), "s3cret\n");
    String quota = "quotas: [{name: requests, maxAmount: 3, validDuration: 1h}]\ntls: true\n";
    try (RedisServer redis = RedisServer.startTls(files.resolve("redis.pem"), files.resolve("redis.key"), files.resolve("ca.pem"), "--requirepass", "s3cret")) {
      String server = "redisServerUrl: \"" + redis.address() + "\"\n";
      try (QuotaAdapter adapter =
          handler(server + quota + "caCertificates: " + files.resolve("ca.pem") + "\npasswordFile: " + password)) {
        assertThat(all(adapter)).isEqualTo(3);
      }
      try (QuotaAdapter adapter =
          handler(server + quota + "caCertificates: " + files.resolve("other.pem") + "\npasswordFile: " + password)) {
        assertThatThrownBy(() -> all(adapter)).as("somebody else's authority").isInstanceOf(RuntimeException.class);
      }
      try (QuotaAdapter adapter = handler(server + quota + "caCertificates: " + files.resolve("ca.pem"))) {
        assertThatThrownBy(() -> all(adapter)).as("no password").isInstanceOf(RuntimeException.class);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"FIXED_WINDOW", "ROLLING_WINDOW", "GCRA"})
  void severalServicesHaveOneCount(String kind) {
    String quota = "maxAmount: 100, validDuration: 1h, rateLimitAlgorithm: " + kind;
    try (RedisServer redis = RedisServer.start();
        QuotaAdapter one = handler(params(redis, quota));
        QuotaAdapter other = handler(params(redis, quota))) {
      assertThat(take(one, new Charge(60, false, "")).granted()).isEqualTo(60);
      Grant grant = take(other, new Charge(10, false, ""));
      assertThat(grant.granted()).isEqualTo(10);
      assertThat(grant.standing().limit()).isEqualTo(100);
      assertThat(grant.standing().remaining()).isEqualTo(30);
      assertThat(take(one, new Charge(1, false, "", new Charge.Ahead(1_000, 4, Duration.ZERO))).granted()).isEqualTo(7);
      assertThat(all(other)).isEqualTo(23);
      assertThat(take(one, Charge.ONE).granted()).isZero();
      assertThat(take(one, Charge.ONE).validity()).isPositive();
      assertThat(one.reset("requests.instance.default user=ann")).isTrue();
      assertThat(all(one)).isEqualTo(100);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"FIXED_WINDOW", "ROLLING_WINDOW", "GCRA"})
  void topTellsWhatWasSpentAndLookingTakesNothing(String kind) {
    String quota = "maxAmount: 100, validDuration: 1h, rateLimitAlgorithm: " + kind;
    try (RedisServer redis = RedisServer.start();
        QuotaAdapter one = handler(params(redis, quota));
        QuotaAdapter other = handler(params(redis, quota))) {
      for (int user = 0; user < 2_500; user++) {
        take(one, "user " + user + "}:parts", user == 7 ? 90 : user == 8 ? 20 : 1);
      }
      take(other, "user 7}:parts", 3);
      QuotaAdapter.Top top = other.top(3);
      assertThat(top.whole()).isTrue();
      assertThat(top.keys()).isEqualTo(2_500);
      assertThat(top.fullest()).hasSize(3);
      QuotaAdapter.Spending first = top.fullest().getFirst();
      assertThat(first.key()).isEqualTo("requests.instance.default user=user\\ 7}:parts");
      assertThat(List.of(first.spent(), first.limit(), top.fullest().get(1).spent(), top.fullest().get(2).spent())).isEqualTo(List.of(93L, 100L, 20L, 1L));
      assertThat(first.reset()).isPositive().isLessThanOrEqualTo(Duration.ofHours(1));
      assertThat(one.standing(instance("user 7}:parts")).remaining()).isEqualTo(7);
      assertThat(one.standing(instance("user 7}:parts")).remaining()).isEqualTo(7);
      assertThat(one.standing(instance("nobody")).remaining()).isEqualTo(100);
      assertThat(one.reset(first.key())).isTrue();
      assertThat(other.top(1).fullest().getFirst().spent()).isEqualTo(20);
    }
  }

  private record Spent(long before, long after) {}

  /** Two services spend as fast as they can; nothing they spend ever lies closer together than the limit allows. */
  @ParameterizedTest
  @ValueSource(strings = {"ROLLING_WINDOW", "FIXED_WINDOW"})
  void theLimitHoldsInEachWindow(String kind) {
    long window = 200_000_000L;
    int most = kind.equals("ROLLING_WINDOW") ? 50 : 100; // two fixed windows may touch
    int best = 0;
    // What else this machine does leaves less time for spending: the best of three counts.
    for (int round = 0; round < 3 && best <= 9 * 50 * 8 / 10; round++) {
      List<Spent> spent = spent("maxAmount: 50, validDuration: 200ms, rateLimitAlgorithm: " + kind, 10 * window);
      for (int i = 0; i + most < spent.size(); i++) {
        assertThat(spent.get(i + most).after() - spent.get(i).before()).as("so many and one more take longer than a window").isGreaterThan(window);
      }
      best = Math.max(best, spent.size());
    }
    assertThat(best).as("nearly all that the limit lets go on").isGreaterThan(9 * 50 * 8 / 10);
  }

  private static List<Spent> spent(String quota, long nanos) {
    List<Spent> spent = new ArrayList<>();
    try (RedisServer redis = RedisServer.start();
        QuotaAdapter one = handler(params(redis, quota));
        QuotaAdapter other = handler(params(redis, quota))) {
      long end = System.nanoTime() + nanos;
      while (System.nanoTime() < end) {
        long before = System.nanoTime();
        if (take(spent.size() % 2 == 0 ? one : other, Charge.ONE).granted() == 1) {
          spent.add(new Spent(before, System.nanoTime()));
        }
      }
    }
    return spent;
  }

  @Test
  void aRedisThatIsKilledAndComesBackIsUsedAgainWithoutARestart() {
    try (RedisServer redis = RedisServer.start(); QuotaAdapter adapter = handler(params(redis, "maxAmount: 5, validDuration: 1h"))) {
      assertThat(take(adapter, Charge.ONE).granted()).isEqualTo(1);
      redis.kill();
      assertThatThrownBy(() -> take(adapter, Charge.ONE)).isInstanceOf(RuntimeException.class);
      redis.restart();
      await().atMost(Duration.ofSeconds(40)).ignoreExceptions().until(() -> take(adapter, Charge.ONE).granted() == 1);
      assertThat(all(adapter)).as("a Redis that keeps nothing begins anew").isEqualTo(4);
      assertThat(figure(adapter, "granted")).isEqualTo(2);
      assertThat(figure(adapter, "partly")).isEqualTo(1);
      assertThat(figure(adapter, "failed")).isPositive();
    }
  }

  @Test
  void aRedisWithoutMemoryIsAFailureAndNoGrant() {
    try (RedisServer redis = RedisServer.start("--maxmemory", "1", "--maxmemory-policy", "noeviction");
        QuotaAdapter adapter = handler(params(redis, "maxAmount: 5, validDuration: 1h"))) {
      assertThatThrownBy(() -> take(adapter, Charge.ONE)).hasMessageContaining("OOM");
    }
  }

  @Test
  void aPasswordComesFromAFileAndIsNeverTold() throws IOException {
    Path password = Files.writeString(files.resolve("password"), "sesame\n");
    try (RedisServer redis = RedisServer.start("--requirepass", "sesame");
        QuotaAdapter good = handler(params(redis, "maxAmount: 5, validDuration: 1h") + "passwordFile: " + password + "\n");
        QuotaAdapter bad = handler(params(redis, "maxAmount: 5, validDuration: 1h"))) {
      assertThat(take(good, Charge.ONE).granted()).isEqualTo(1);
      assertThatThrownBy(() -> take(bad, Charge.ONE)).hasMessageContaining("NOAUTH").hasMessageNotContaining("sesame");
    }
  }

  @Test
  void aQuestionThatIsRepeatedIsChargedOnceWhicheverServiceIsAsked() {
    try (RedisServer redis = RedisServer.start();
        QuotaAdapter one = handler(params(redis, "maxAmount: 5, validDuration: 1h"));
        QuotaAdapter other = handler(params(redis, "maxAmount: 5, validDuration: 1h"))) {
      assertThat(take(one, new Charge(2, false, "q")).granted()).isEqualTo(2);
      assertThat(take(other, new Charge(2, false, "q")).granted()).isEqualTo(2);
      assertThat(all(one)).isEqualTo(3);
    }
  }

  @Test
  void whatARollingWindowHearsOfAGrantFreesItEarlierWhicheverServiceIsTold() {
    String rolling = "maxAmount: 5, validDuration: 1h, rateLimitAlgorithm: ROLLING_WINDOW";
    Charge.Ahead held = new Charge.Ahead(0, 1, Duration.ofMinutes(50));
    try (RedisServer redis = RedisServer.start();
        QuotaAdapter one = handler(params(redis, rolling));
        QuotaAdapter other = handler(params(redis, rolling))) {
      Grant first = take(one, new Charge(2, false, "", held));
      Grant second = take(one, new Charge(3, false, "q", held));
      assertThat(take(other, Charge.ONE).granted()).isZero();
      Charge.Settled never = new Charge.Settled(first.mark(), 2, Charge.Settled.NEVER);
      assertThat(take(other, new Charge(2, false, "r", held, List.of(never))).granted()).as("given back").isEqualTo(2);
      assertThat(take(other, new Charge(2, false, "r", held, List.of(never))).granted()).as("the same question").isEqualTo(2);
      Charge.Settled early = new Charge.Settled(second.mark(), 3, Duration.ofMinutes(105)); // counts 5 minutes longer
      Grant refused = take(other, new Charge(1, false, "s", held, List.of(early)));
      assertThat(refused.granted()).isZero();
      assertThat(refused.validity()).isBetween(Duration.ofMinutes(3), Duration.ofMinutes(6));
      assertThat(one.standing(instance("ann")).remaining()).isZero();
      assertThat(take(other, new Charge(2, false, "r")).mark()).isNotZero();
    }
  }

  /** Whoever asks again counts from then on: a grant must not outlive its window for that. */
  @Test
  void anAnswerThatIsRepeatedIsValidForSoMuchLess() {
    try (RedisServer redis = RedisServer.start();
        QuotaAdapter one = handler(params(redis, "maxAmount: 5, validDuration: 10s"));
        QuotaAdapter other = handler(params(redis, "maxAmount: 5, validDuration: 10s"))) {
      Duration first = take(one, new Charge(2, false, "q")).validity();
      long answered = System.nanoTime();
      await().pollDelay(Duration.ofMillis(60)).until(() -> true);
      Duration since = Duration.ofNanos(System.nanoTime() - answered);
      assertThat(take(other, new Charge(2, false, "q")).validity()).isLessThanOrEqualTo(first.minus(since));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis://ann:sesame@somewhere:1/2", "somewhere:port", ""})
  void anAddressThatIsNoneIsRefusedWithoutASecretInTheMessage(String url) {
    Fields fields =
        Fields.of((Node.Mapping) new YamlText().parse("h.yaml", "redisServerUrl: \"" + url + "\"\nquotas: [{name: r, maxAmount: 1}]").getFirst(), "spec.params");
    new RedisQuota().build("", fields);
    assertThat(fields.close()).extracting(Finding::toString)
        .anyMatch(each -> each.contains("h.yaml:1:17: error: spec.params.redisServerUrl: should be host:port"))
        .anyMatch(each -> each.contains("spec.params.quotas[0].validDuration: should be more than 0"))
        .noneMatch(each -> each.contains("sesame"));
  }

  /** A request without attributes. */
  private enum Nothing implements Attributes {
    HERE;

    @Override
    public @Nullable Object get(String attribute) {
      return null;
    }

    @Override
    public @Nullable String entry(String attribute, String key) {
      return null;
    }

    @Override
    public Attributes snapshot() {
      return this;
    }
  }
}
