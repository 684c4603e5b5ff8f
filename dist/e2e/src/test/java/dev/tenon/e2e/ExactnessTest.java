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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A limit is never passed, whoever asks: ten sidecars that are real processes, offered twice the limit
 * for twenty windows. What is spent is what the sidecars let go on, by their own journals; the application saw as much.
 * How much of it is used is told and not judged: that takes a machine that nobody else uses.
 */
@Tag("system")
class ExactnessTest {
  private static final int PROXIES = 10;

  /** Without prefetch every request is a trip, so fewer requests say as much. */
  private static final int LIMIT = 200;

  private static final int LIMIT_AHEAD = 1_000;
  private static final int WINDOWS = 20;
  private static final long WINDOW = 2_000_000_000L;
  private static final String HEADER = "x-limit";

  private static final List<Member> MEMBERS =
      IntStream.range(0, PROXIES).mapToObj(i -> new Member("details", "v" + i, 20 + i)).toList();

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

  /** A limit of its own, with a load of its own. */
  private record Case(Spread spread, boolean fixed, boolean prefetch) {
    static List<Case> all(boolean prefetch) {
      return Stream.of(Spread.values()).flatMap(each -> Stream.of(new Case(each, true, prefetch), new Case(each, false, prefetch))).toList();
    }

    int limit() {
      return prefetch ? LIMIT_AHEAD : LIMIT;
    }

    /** Requests per second: twice the limit in each window. */
    double rate() {
      return 2.0 * limit() * 1e9 / WINDOW;
    }

    String word() {
      return spread.name().toLowerCase(java.util.Locale.ROOT) + (fixed ? "-fixed" : "-rolling");
    }

    String rules(String adapter, String more) {
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
          .formatted(word(), adapter, more, limit(), fixed ? "FIXED_WINDOW" : "ROLLING_WINDOW");
    }
  }

  @ParameterizedTest
  @CsvSource({"memquota, false", "memquota, true", "redisquota, false", "redisquota, true"})
  void aLimitIsNeverPassed(String adapter, boolean prefetch) throws IOException, InterruptedException {
    boolean redis = adapter.equals("redisquota");
    String name = "exact-" + adapter + (prefetch ? "-ahead" : "");
    try (RedisPeer peer = redis ? RedisPeer.started() : null;
        TestMesh mesh = TestMesh.start(name, "mixer: {shared: {journal: control.journal}}\n");
        Counting applications = new Counting(HEADER)) {
      StringBuilder rules = new StringBuilder();
      List<Case> cases = Case.all(prefetch);
      cases.forEach(each -> rules.append(each.rules(adapter, peer == null ? "" : "redisServerUrl: \"" + peer.address() + "\",")));
      ApplyResponse applied = mesh.offer(mesh.written("limits.yaml", rules.toString()), true);
      assertThat(applied.getAccepted()).as("%s", applied.getFindingsList()).isTrue();
      String servers = "\"" + mesh.controlPlaneAddress() + "\"";
      if (redis) {
        servers += ", \"" + mesh.policyService("second", 2, "mixer: {shared: {journal: second.journal}}\n") + "\"";
      }
      for (Member member : MEMBERS) {
        applications.at(mesh.address(member), Member.APPLICATION_PORT);
        mesh.sidecar(
            member,
            "mixer: {shared: {prefetch: %s, journal: %s.journal, addresses: [%s]}}\n".formatted(prefetch, member.name(), servers));
      }
      mesh.converged(PROXIES);
      for (Case each : cases) {
        for (Member member : MEMBERS) {
          mesh.until(each.word() + " to be in force at " + member.name(), 30, () -> isLimited(mesh, each, member));
        }
      }
      // Without prefetch both kinds of window at once; with it the load is five times as much.
      hold(mesh, applications, cases.stream().filter(each -> each.fixed() || !prefetch).toList());
    }
  }

  private static void hold(TestMesh mesh, Counting applications, List<Case> cases) throws IOException, InterruptedException {
    Map<Case, List<Paced>> loads = new LinkedHashMap<>();
    cases.forEach(each -> loads.put(each, load(mesh, each)));
    TimeUnit.SECONDS.sleep(4); // for the sidecars to become warm
    long from = System.nanoTime();
    long before = offered(loads);
    TimeUnit.NANOSECONDS.sleep(WINDOWS * WINDOW + WINDOW / 2);
    double share = (offered(loads) - before) / (cases.stream().mapToDouble(Case::rate).sum() * (System.nanoTime() - from) / 1e9);
    loads.values().forEach(all -> all.forEach(Paced::close));
    TimeUnit.SECONDS.sleep(1); // journals are written ten times a second
    SoftAssertions softly = new SoftAssertions();
    for (Case each : cases) {
      judge(softly, each, Spending.of(each.word() + ".istio-system", journals(mesh)), applications, from);
    }
    System.out.printf("offered %.0f %% of twice the limit%n", share * 100);
    softly.assertAll();
  }

  private static boolean isLimited(TestMesh mesh, Case each, Member member) {
    return TestMesh.get(mesh.address(member), Member.SERVICE_PORT, "/", Map.of(HEADER, each.word()))
        .header("x-ratelimit-limit").equals("" + each.limit());
  }

  private static List<Paced> load(TestMesh mesh, Case each) {
    List<Paced> all = new ArrayList<>();
    for (int proxy = 0; proxy < PROXIES; proxy++) {
      double rate = each.rate() * each.spread.of(proxy);
      if (rate > 0) {
        int lanes = rate > 500 ? 32 : rate > 50 ? 12 : 4;
        all.add(Paced.start(mesh.address(MEMBERS.get(proxy)), Member.SERVICE_PORT, Map.of(HEADER, each.word()), rate, lanes));
      }
    }
    return all;
  }

  private static long offered(Map<Case, List<Paced>> loads) {
    return loads.values().stream().flatMap(List::stream).mapToLong(Paced::all).sum();
  }

  private static void judge(
      SoftAssertions softly, Case each, Spending spending, Counting applications, long from) {
    String word = each.word();
    int limit = each.limit();
    softly.assertThat(spending.lost()).as(word + ": lines that journals lost").isZero();
    softly.assertThat(applications.of(word)).as(word + ": what the application saw was spent").isLessThanOrEqualTo(spending.spent().size());
    double used;
    long most;
    if (each.fixed) {
      List<Long> counts = spending.byWindow(WINDOW);
      softly.assertThat(counts.getLast()).as(word + ": spent outside of every window").isZero();
      softly.assertThat(counts).as(word + ": spent in each window").allMatch(count -> count <= limit);
      List<Spending.Window> windows = spending.windows().stream().filter(window -> window.earliestEnd() - WINDOW > from).limit(WINDOWS).toList();
      long begin = windows.getFirst().earliestEnd() - WINDOW;
      long end = windows.getLast().latestEnd();
      used = spending.between(begin, end) / (limit * ((end - begin) / (double) WINDOW));
      most = counts.stream().mapToLong(Long::longValue).max().orElse(0);
    } else {
      most = spending.mostIn(WINDOW);
      softly.assertThat(most).as(word + ": spent in any two seconds").isLessThanOrEqualTo(limit);
      used = spending.between(from, from + WINDOWS * WINDOW) / (double) (limit * WINDOWS);
    }
    softly.assertThat(used).as(word + ": the part of the limit that is used, on a machine that is slow").isGreaterThan(0.2);
    System.out.printf("%-15s prefetch %-5s: at most %d of %d; %.2f %% used%s%n", word, each.prefetch, most, limit, used * 100,
        each.fixed ? "; by window " + spending.byWindow(WINDOW) : "");
  }

  private static List<Path> journals(TestMesh mesh) {
    Stream<String> names = Stream.concat(Stream.of("control", "second"), MEMBERS.stream().map(Member::name));
    return names.map(each -> mesh.run().resolve(each + ".journal")).toList();
  }
}
