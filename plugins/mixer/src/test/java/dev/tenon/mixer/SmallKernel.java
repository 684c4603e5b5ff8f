package dev.tenon.mixer;

import dev.tenon.kernel.guard.Guarding;
import dev.tenon.kernel.guard.LentGuards;
import dev.tenon.kernel.guard.Roll;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.config.Validator;
import dev.tenon.spi.lifecycle.Arrivals;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.lifecycle.ProcessInfo;
import dev.tenon.spi.lifecycle.Running;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.PolicyEngine;
import dev.tenon.spi.policy.Whereabouts;
import dev.tenon.spi.ports.Ports;
import dev.tenon.spi.registry.Registry;
import dev.tenon.spi.rules.PolicyRules;
import dev.tenon.spi.rules.RuleSet;
import dev.tenon.spi.rules.Rules;
import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.stream.Source;
import dev.tenon.spi.telemetry.MetricSnapshot.Amount;
import dev.tenon.spi.telemetry.MetricSource;
import io.grpc.BindableService;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Runs the mixer module, and installs and removes adapters beside it. */
public final class SmallKernel implements ModuleContext, AutoCloseable {
  private final Cell<List<Offer<AdapterFactory>>> adapters = new Cell<>(List.of());
  private final Map<Class<?>, Object> offered = new HashMap<>();
  private final Cell<RuleSet> ruleSet = new Cell<>();
  private final Cell<List<Offer<Rules>>> rules = new Cell<>(List.of());
  private final Cell<List<Offer<Registry>>> registries = new Cell<>(List.of());
  private final List<BindableService> services = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final Guarding guarding = new Guarding(new Roll(), (module, reason) -> {});
  private final LentGuards guards = guarding.lend();
  private final Fields settings;
  private final Running mixer;
  private volatile CompletableFuture<Void> arriving = CompletableFuture.completedFuture(null);

  private SmallKernel(Map<String, Node> settings) {
    Position at = Position.of("settings");
    this.settings = Fields.of(new Node.Mapping(new LinkedHashMap<>(settings), at));
    this.mixer = new MixerModule().start(this);
  }

  /** Starts mixer with its usual settings. */
  public static SmallKernel start() {
    return new SmallKernel(Map.of());
  }

  /** Starts mixer with settings, {@code deadline=50ms}. */
  public static SmallKernel start(String... settings) {
    Map<String, Node> section = new LinkedHashMap<>();
    Position at = Position.of("settings");
    for (String setting : settings) {
      String[] parts = setting.split("=", 2);
      section.put(
          parts[0],
          parts[1].matches("\\d+")
              ? new Node.Numeric(Double.parseDouble(parts[1]), at)
              : new Node.Text(parts[1], at));
    }
    return new SmallKernel(section);
  }

  /** Installs these adapters and no others. Returns when mixer has taken note. */
  public void install(AdapterFactory... factories) {
    adapters.set(
        Arrays.stream(factories).map(each -> new Offer<>(each.name(), "1.0", each)).toList());
  }

  /** Adapters are on their way until this is done. */
  public CompletableFuture<Void> arriving() {
    arriving = new CompletableFuture<>();
    return arriving;
  }

  /** Gives the process a configuration, as galley does: mixer answers others by it. */
  public void configure(PolicyRules policy) {
    ruleSet.set(new RuleSet(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(policy.namespace(), policy), Map.of()));
    Rules offer = () -> ruleSet;
    if (rules.get().orElseThrow().isEmpty()) {
      rules.set(List.of(new Offer<>("galley", "1.0", offer)));
    }
  }

  /** Gives the process registries. */
  public void register(Registry registry) {
    registries.set(List.of(new Offer<>(registry.name(), "1.0", registry)));
  }

  /** The gRPC services that mixer offers now. */
  public List<BindableService> services() {
    return services;
  }

  /** What mixer offers the proxy. */
  public PolicyEngine engine() {
    return (PolicyEngine) Objects.requireNonNull(offered.get(PolicyEngine.class));
  }

  /** What mixer offers galley. */
  public Validator validator() {
    return (Validator) Objects.requireNonNull(offered.get(Validator.class));
  }

  /** The sum of the figures of a name that have a label of some value; of all when that is empty. */
  public double figure(String name, String label) {
    return ((MetricSource) Objects.requireNonNull(offered.get(MetricSource.class)))
        .families().stream()
            .filter(family -> family.name().equals(name))
            .flatMap(family -> family.samples().stream())
            .filter(sample -> label.isEmpty() || sample.labels().containsValue(label))
            .mapToDouble(sample -> ((Amount) sample.value()).value())
            .sum();
  }

  /** The running module. */
  public Running mixer() {
    return mixer;
  }

  @Override
  public <T> void offer(Class<T> type, T service) {
    offered.put(type, service);
    if (service instanceof BindableService grpc) {
      services.add(grpc);
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T> Source<List<Offer<T>>> offers(Class<T> type) {
    if (type == Rules.class) {
      return (Source<List<Offer<T>>>) (Source<?>) rules;
    }
    if (type == Registry.class) {
      return (Source<List<Offer<T>>>) (Source<?>) registries;
    }
    if (type == Whereabouts.class) {
      return (Source<List<Offer<T>>>) (Source<?>) new Cell<List<Offer<Whereabouts>>>(List.of());
    }
    if (type == Arrivals.class) {
      Arrivals arrivals = service -> arriving.copy();
      return (Source<List<Offer<T>>>) (Source<?>) new Cell<>(List.of(new Offer<>("kernel", "test", arrivals)));
    }
    if (type != AdapterFactory.class) {
      throw new IllegalArgumentException("nobody offers a " + type);
    }
    return (Source<List<Offer<T>>>) (Source<?>) adapters;
  }

  @Override
  public Fields settings() {
    return settings;
  }

  @Override
  public ScheduledExecutorService timers() {
    return timers;
  }

  @Override
  public ProcessInfo process() {
    return new ProcessInfo("sidecar", "test");
  }

  @Override
  public String build() {
    return "test";
  }

  @Override
  public Fields settings(String section) {
    return Fields.of(Node.Mapping.empty(Position.of("settings")));
  }

  @Override
  public Path stateDirectory() {
    throw new UnsupportedOperationException("mixer keeps no state on disk");
  }

  @Override
  public Ports ports() {
    throw new UnsupportedOperationException("mixer has no sockets");
  }

  @Override
  public LentGuards guards() {
    return guards;
  }

  @Override
  public void close() {
    mixer.close();
    guards.close();
    try {
      guarding.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    timers.shutdownNow();
  }
}
