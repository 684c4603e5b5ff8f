package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.e2e.mesh.Counting;
import dev.tenon.e2e.mesh.Member;
import dev.tenon.e2e.mesh.Paced;
import dev.tenon.e2e.mesh.RedisPeer;
import dev.tenon.e2e.mesh.Spending;
import dev.tenon.e2e.mesh.TestMesh;
import dev.tenon.wire.admin.v1.ApplyResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A limit is never passed, and is used, whoever asks: sidecars that are real processes are offered twice the limit for twenty windows. What is
 * spent is what the sidecars let go on, by their own journals and one clock; the applications saw as much. That no limit is passed is judged
 * always; that it is used, in the windows in which this machine had the time to offer enough.
 */
@Tag("system")
class ExactnessTest {
  private static final int PROXIES = 10;

  /** Without prefetch every request is a trip, so that fewer have to say as much. */
  private static final int LIMIT = 200;

  private static final int LIMIT_AHEAD = 1_000;
  private static final int WINDOWS = 20;
  private static final long WINDOW = 2_000_000_000L;
  private static final String HEADER = "x-limit";

  /** Which part of the load each sidecar has. */
  private enum Spread {
    ONE {
      @Override
      double of(int proxy) {
        return proxy == 0 ? 1 : 0;
      }
    },
    EVEN {
      @Override
      double of(int proxy) {
        return 1.0 / PROXIES;
      }
    },
    UNEVEN {
      @Override
      double of(int proxy) {
        return proxy == 0 ? 0.9 : 0.1 / (PROXIES - 1);
      }
    };

    abstract double of(int proxy);
  }

  /** Ten sidecars whose quotas one adapter counts. */
  private enum Counter {
    MEMQUOTA(20),
    REDISQUOTA(40);

    private final int firstHost;

    Counter(int firstHost) {
      this.firstHost = firstHost;
    }

    List<Member> members() {
      return IntStream.range(0, PROXIES).mapToObj(i -> new Member("details", word() + i, firstHost + i)).toList();
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A limit of its own, with a load of its own. */
  private record Case(Counter counter, Spread spread, boolean fixed, int limit) {
    static List<Case> all(int limit) {
      return Stream.of(Counter.values())
          .flatMap(counter -> Stream.of(Spread.values()).flatMap(spread -> Stream.of(true, false).map(fixed -> new Case(counter, spread, fixed, limit))))
          .toList();
    }

    /** Requests per second: twice the limit in each window. */
    double rate() {
      return 2.0 * limit * 1e9 / WINDOW;
    }

    String word() {
      return counter.word() + "-" + spread.name().toLowerCase(Locale.ROOT) + (fixed ? "-fixed" : "-rolling");
    }

    String rules(String redis) {
      return """
      apiVersion: config.istio.io/v1alpha2
      kind: handler
      metadata: {name: %1$s, namespace: istio-system}
      spec:
        compiledAdapter: %2$s
        params: {%3$s quotas: [{name: quota-%1$s, maxAmount: %4$d, validDuration: 2s, rateLimitAlgorithm: %5$s}]}
      ---
      apiVersion: config.istio.io/v1alpha2
      kind: instance
      metadata: {name: quota-%1$s, namespace: istio-system}
      spec: {compiledTemplate: quota, params: {dimensions: {limit: 'request.headers["x-limit"]'}}}
      ---
      apiVersion: config.istio.io/v1alpha2
      kind: rule
      metadata: {name: %1$s, namespace: istio-system, annotations: {policy.tenon.dev/on-failure: closed}}
      spec:
        match: (request.headers["x-limit"] | "") == "%1$s"
        actions: [{handler: %1$s, instances: [quota-%1$s]}]
      ---
      """
          .formatted(
              word(),
              counter.word(),
              counter == Counter.REDISQUOTA ? "redisServerUrl: \"" + redis + "\"," : "",
              limit,
              fixed ? "FIXED_WINDOW" : "ROLLING_WINDOW");
    }
  }

  @Test
  void withoutPrefetchLimitsAreUsedButForAHundredth() throws IOException, InterruptedException {
    List<Case> cases = Case.all(LIMIT);
    // What a rolling window loses is how long answers take, and that is longer where more is asked for at once.
    hold("exact", false, cases, turns(cases, each -> each.fixed ? "fixed" : each.spread));
  }

  @Test
  void withPrefetchLimitsAreUsedButForATwentieth() throws IOException, InterruptedException {
    List<Case> cases = Case.all(LIMIT_AHEAD);
    hold("exact-ahead", true, cases, turns(cases, each -> List.of(each.counter, each.spread)));
  }

  /** Cases that are alike in something are held at once. */
  private static List<List<Case>> turns(List<Case> cases, Function<Case, Object> alike) {
    return List.copyOf(cases.stream().collect(Collectors.groupingBy(alike, LinkedHashMap::new, Collectors.toList())).values());
  }

  /** @param turns which of them are held at once */
  private static void hold(String name, boolean prefetch, List<Case> cases, List<List<Case>> turns) throws IOException, InterruptedException {
    try (RedisPeer redis = RedisPeer.started();
        TestMesh mesh = TestMesh.start(name, "mixer: {shared: {journal: control.journal}}\n");
        Counting applications = new Counting(HEADER)) {
      StringBuilder rules = new StringBuilder();
      cases.forEach(each -> rules.append(each.rules(redis.authority())));
      ApplyResponse applied = mesh.offer(mesh.written("limits.yaml", rules.toString()), true);
      assertThat(applied.getAccepted()).as("%s", applied.getFindingsList()).isTrue();
      String second = mesh.policyService("second", 2, "mixer: {shared: {journal: second.journal}}\n");
      for (Counter counter : Counter.values()) {
        for (int i = 0; i < PROXIES; i++) {
          Member member = counter.members().get(i);
          applications.at(mesh.address(member), Member.APPLICATION_PORT);
          String service = counter == Counter.REDISQUOTA && i % 2 == 1 ? second : mesh.controlPlaneAddress();
          mesh.sidecar(member, "mixer: {shared: {prefetch: %s, journal: %s.journal, addresses: [\"%s\"]}}\n".formatted(prefetch, member.name(), service));
        }
      }
      mesh.converged(PROXIES * Counter.values().length);
      for (Case each : cases) {
        for (Member member : each.counter.members()) {
          mesh.until(each.word() + " to be in force at " + member.name(), 30, () -> isLimited(mesh, each, member));
        }
      }
      for (List<Case> turn : turns) {
        hold(mesh, applications, turn, prefetch ? 0.95 : 0.99);
      }
    }
  }

  private static boolean isLimited(TestMesh mesh, Case each, Member member) {
    return TestMesh.get(mesh.address(member), Member.SERVICE_PORT, "/", Map.of(HEADER, each.word()))
        .header("x-ratelimit-limit").equals("" + each.limit);
  }

  private static void hold(TestMesh mesh, Counting applications, List<Case> cases, double least) throws IOException, InterruptedException {
    Map<Case, List<Paced>> loads = new LinkedHashMap<>();
    cases.forEach(each -> loads.put(each, load(mesh, each)));
    mesh.until("sidecars that keep pace", 30, () -> loads.entrySet().stream().allMatch(each -> keepsPace(each.getKey(), each.getValue())));
    long from = System.nanoTime();
    TimeUnit.NANOSECONDS.sleep((WINDOWS + 1) * WINDOW);
    loads.values().forEach(all -> all.forEach(Paced::close));
    TimeUnit.SECONDS.sleep(1); // journals are written ten times a second
    SoftAssertions softly = new SoftAssertions();
    for (Map.Entry<Case, List<Paced>> each : loads.entrySet()) {
      Spending spending = Spending.of(each.getKey().word() + ".istio-system", journals(mesh));
      judge(softly, each.getKey(), spending, applications, each.getValue(), from, least);
    }
    softly.assertAll();
  }

  /** Those who call as often as others do so between them, not at the same moment. */
  private static List<Paced> load(TestMesh mesh, Case each) {
    List<Paced> all = new ArrayList<>();
    long begin = System.nanoTime();
    for (int proxy = 0; proxy < PROXIES; proxy++) {
      double rate = each.rate() * each.spread.of(proxy);
      if (rate > 0) {
        String host = mesh.address(each.counter.members().get(proxy));
        long first = begin + (long) (1e9 / rate * proxy / PROXIES);
        all.add(Paced.start(host, Member.SERVICE_PORT, Map.of(HEADER, each.word()), rate, (int) Math.clamp(rate / 10, 4, 100), first));
      }
    }
    return all;
  }

  /** As long as a window: what was spent in it, and whether so much was offered that the limit could be. */
  private record Stretch(long spent, boolean wasOffered) {}

  private static void judge(
      SoftAssertions softly, Case each, Spending spending, Counting applications, List<Paced> load, long from, double least) {
    String word = each.word();
    softly.assertThat(spending.lost()).as(word + ": lines that journals lost").isZero();
    softly.assertThat(applications.of(word)).as(word + ": what the application saw was spent").isBetween(1L, (long) spending.spent().size());
    long most = each.fixed ? judgeWindows(softly, each, spending) : spending.mostIn(WINDOW);
    softly.assertThat(most).as(word + ": the most that was spent in a window").isLessThanOrEqualTo(each.limit);

    List<Stretch> stretches =
        begins(each, spending, from)
            .mapToObj(begin -> new Stretch(spending.between(begin, begin + WINDOW), wasOffered(each, load, begin)))
            .toList();
    List<Stretch> seen = stretches.stream().filter(Stretch::wasOffered).toList();
    double used = seen.stream().mapToLong(Stretch::spent).sum() / ((double) each.limit * Math.max(1, seen.size()));
    double odd = load.stream().mapToLong(one -> one.odd(from, from + WINDOWS * WINDOW)).sum() / (each.rate() * WINDOWS * WINDOW / 1e9);
    System.out.printf(
        Locale.ROOT, "%-26s at most %d of %d; %.2f %% used in %d windows of %d, %.2f %% neither let go on nor limited%n",
        word, most, each.limit, used * 100, seen.size(), stretches.size(), odd * 100);
    softly.assertThat(seen).as(word + ": windows in which enough was offered").hasSizeGreaterThanOrEqualTo(WINDOWS / 2);
    softly.assertThat(used).as(word + ": the part of the limit that was used").isGreaterThanOrEqualTo(least);
  }

  /** The most that was spent in one; nothing is spent outside of them. */
  private static long judgeWindows(SoftAssertions softly, Case each, Spending spending) {
    List<Long> counts = spending.byWindow(WINDOW);
    softly.assertThat(counts.getLast()).as(each.word() + ": spent outside of every window").isZero();
    return counts.stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /** Where fixed windows began; rolling ones do everywhere. */
  private static LongStream begins(Case each, Spending spending, long from) {
    return each.fixed
        ? spending.windows().stream().mapToLong(window -> window.latestEnd() - WINDOW).filter(begin -> begin > from).limit(WINDOWS)
        : IntStream.range(0, WINDOWS).mapToLong(i -> from + i * WINDOW);
  }

  private static boolean keepsPace(Case each, List<Paced> load) {
    long now = System.nanoTime();
    return sent(load, now - WINDOW, now) >= 1.8 * each.limit;
  }

  /** Half as much again as the limit, and in each tenth of a rolling window as much as it has room for. */
  private static boolean wasOffered(Case each, List<Paced> load, long begin) {
    return sent(load, begin, begin + WINDOW) >= 1.5 * each.limit
        && (each.fixed
            || IntStream.range(0, 10).allMatch(i -> sent(load, begin + i * WINDOW / 10, begin + (i + 1) * WINDOW / 10) >= 0.1 * each.limit));
  }

  private static long sent(List<Paced> load, long from, long to) {
    return load.stream().mapToLong(each -> each.sent(from, to)).sum();
  }

  private static List<Path> journals(TestMesh mesh) {
    Stream<String> names =
        Stream.concat(Stream.of("control", "second"), Stream.of(Counter.values()).flatMap(counter -> counter.members().stream().map(Member::name)));
    return names.map(each -> mesh.run().resolve(each + ".journal")).toList();
  }
}
