package dev.tenon.bench.micro;

import dev.tenon.adapter.denier.Denier;
import dev.tenon.adapter.listchecker.ListChecker;
import dev.tenon.adapter.memquota.MemQuota;
import dev.tenon.kernel.boot.YamlText;
import dev.tenon.kernel.guard.Guarding;
import dev.tenon.kernel.guard.LentGuards;
import dev.tenon.mixer.check.StandardVocabulary;
import dev.tenon.mixer.decide.Engine;
import dev.tenon.mixer.dispatch.Adapters;
import dev.tenon.mixer.evaluate.Compiled;
import dev.tenon.mixer.parse.BadExpression;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.PolicyEngine;
import dev.tenon.spi.rules.Meta;
import dev.tenon.spi.rules.PolicyRules;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a request's policy costs in process: its rule's match, the adapter behind its guard, the outcome. Told as operations and
 * as nanoseconds of CPU, both a second, so that others who use the core do not count.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class PolicyCost {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final String THREE = three("reviews");
    private static final Position AT = Position.of("bench");

    private final Guarding guarding = new Guarding(LoopThreads.ROLL, (module, reason) -> {});
    private final LentGuards guards = guarding.lend();
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    private final Adapters adapters = new Adapters(Limits.DEFAULT, guards);
    private final Engine engine = new Engine(StandardVocabulary.STANDARD, adapters, timers);
    private final PolicyEngine.Policy none;
    private final PolicyEngine.Policy denier;
    private final PolicyEngine.Policy thousand;
    private final PolicyEngine.Policy list;
    private final PolicyEngine.Policy quota;
    private final Compiled three;

    /** As JMH makes it. */
    public PolicyCost() {
        adapters.present(Stream.of(new Denier(), new ListChecker(), new MemQuota())
                .map((AdapterFactory each) -> new Offer<>(each.name(), "1", each)).toList());
        none = engine.compile(new PolicyRules("default", List.of(), List.of(), List.of()));
        denier = policy("denier", "{}", "checknothing", "{}");
        thousand = policy(
                "denier", "{}", "checknothing", "{}",
                IntStream.range(0, 1_000).mapToObj(i -> three(i == 500 ? "reviews" : "service-" + i)).toList());
        String entries = IntStream.range(0, 100_000).mapToObj(i -> "user-" + i).collect(Collectors.joining(", "));
        list = policy("listchecker", "{overrides: [ann, " + entries + "], blacklist: false}", "listentry", "{value: 'request.headers[\"x-user\"]'}");
        quota = policy(
                "memquota",
                "{quotas: [{name: i, maxAmount: 1000000000, validDuration: 1s, rateLimitAlgorithm: FIXED_WINDOW}]}",
                "quota",
                "{dimensions: {user: 'request.headers[\"x-user\"]'}}");
        try {
            three = Compiled.compile(THREE, StandardVocabulary.STANDARD);
        } catch (BadExpression e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the measuring thread used of a core in an iteration. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Cpu {
        private long begin;

        /** Nothing yet. */
        @Setup(Level.Iteration)
        public void begin() {
            begin = THREADS.getCurrentThreadCpuTime();
        }

        /** So many since then. */
        public long cpuNanos() {
            return THREADS.getCurrentThreadCpuTime() - begin;
        }
    }

    private static String three(String service) {
        return "request.method == \"GET\" && request.headers[\"x-user\"] == \"ann\""
                + " && destination.service.host == \"" + service + ".default.svc.cluster.local\"";
    }

    private PolicyEngine.Policy policy(String adapter, String params, String template, String values) {
        return policy(adapter, params, template, values, List.of(THREE));
    }

    private PolicyEngine.Policy policy(String adapter, String params, String template, String values, List<String> matches) {
        PolicyRules.Handler handler = new PolicyRules.Handler(new Meta("default", "h", AT), adapter, node(params));
        PolicyRules.InstanceRule instance = new PolicyRules.InstanceRule(
                new Meta("default", "i", AT), PolicyRules.INSTANCE, template, node(values), node("{}"), Optional.empty());
        List<PolicyRules.Rule> rules = IntStream.range(0, matches.size())
                .mapToObj(i -> new PolicyRules.Rule(
                        new Meta("default", "r" + i, AT), matches.get(i), AT, List.of(new PolicyRules.Action("h", List.of("i"))), false))
                .toList();
        return engine.compile(new PolicyRules("default", List.of(handler), List.of(instance), rules));
    }

    private static Node.Mapping node(String yaml) {
        return (Node.Mapping) new YamlText().parse("bench.yaml", yaml).getFirst();
    }

    private static PolicyEngine.@Nullable Outcome ask(PolicyEngine.Policy policy) {
        return policy.check(Requests.REVIEWS, outcome -> {});
    }

    /** No rules. */
    @Benchmark
    public PolicyEngine.@Nullable Outcome none(Cpu cpu) {
        return ask(none);
    }

    /** A rule that matches by three terms, and a denial. */
    @Benchmark
    public PolicyEngine.@Nullable Outcome denier(Cpu cpu) {
        return ask(denier);
    }

    /** The same among 1,000 rules that match by as many terms, each for another host. */
    @Benchmark
    public PolicyEngine.@Nullable Outcome thousand(Cpu cpu) {
        return ask(thousand);
    }

    /** The same, and a list of 100,000 that has the user. */
    @Benchmark
    public PolicyEngine.@Nullable Outcome list(Cpu cpu) {
        return ask(list);
    }

    /** The same, and a quota that is counted in process. */
    @Benchmark
    public PolicyEngine.@Nullable Outcome quota(Cpu cpu) {
        return ask(quota);
    }

    /** Three terms of CEXL, all true. */
    @Benchmark
    public boolean match(Cpu cpu) {
        return three.matches(Requests.REVIEWS);
    }

    /** Ends what was begun. */
    @TearDown
    public void close() throws InterruptedException {
        List.of(none, denier, thousand, list, quota).forEach(PolicyEngine.Policy::close);
        adapters.close();
        guards.close();
        guarding.close();
        timers.shutdownNow();
    }
}
