package dev.tenon.pilot;

import dev.tenon.pilot.gather.Gatherer;
import dev.tenon.pilot.gather.Later;
import dev.tenon.pilot.gather.NameBook;
import dev.tenon.pilot.scope.Arriving;
import dev.tenon.pilot.scope.PolicyService;
import dev.tenon.pilot.serve.DiscoveryService;
import dev.tenon.pilot.serve.Hub;
import dev.tenon.pilot.serve.Limits;
import dev.tenon.pilot.serve.StatusService;
import dev.tenon.pilot.translate.Panic;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.lifecycle.Arrivals;
import dev.tenon.spi.lifecycle.Module;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.lifecycle.Running;
import dev.tenon.spi.policy.Whereabouts;
import dev.tenon.spi.registry.Registry;
import dev.tenon.spi.rules.Rules;
import dev.tenon.spi.stream.Subscription;
import io.grpc.BindableService;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control plane, put together: what registries and rules say is gathered, joined, scoped,
 * translated and served.
 *
 * <p>Settings, section {@code pilot}: {@code registries}, a list of names of registries without whose
 * catalogs nothing is served; when absent, all that the profile starts with; {@code panicThreshold}, percent.
 * Section {@code mesh}: {@code domain}, {@code cluster.local} when absent.
 */
public final class PilotModule implements Module {
  private static final Logger LOG = LoggerFactory.getLogger(PilotModule.class);

  @Override
  public String name() {
    return "pilot";
  }

  @Override
  public Running start(ModuleContext context) {
    Fields own = context.settings();
    Optional<Set<String>> required =
        own.has("registries") ? Optional.of(new HashSet<>(own.texts("registries"))) : Optional.empty();
    PolicyService policyService = policyService(own, context.settings("kernel"));
    Panic panic = own.whole("panicThreshold", 0, 100).map(each -> new Panic(each.intValue())).orElse(Panic.USUAL);
    own.finish();
    String domain = domain(context.settings("mesh"));
    Hub hub = new Hub(domain, policyService, panic, Limits.DEFAULT, context.timers());
    Gatherer gatherer =
        new Gatherer(
            context.offers(Registry.class),
            context.offers(Rules.class),
            required,
            arrivals(context),
            new NameBook(NameBook.Lookup::system, context.timers()),
            Later.by(context.timers()));
    Subscription flow = gatherer.inputs().subscribe(hub::accept);
    if (!gatherer.missing().isEmpty()) {
      LOG.info("nothing is served before there is {}", String.join(", ", gatherer.missing()));
    }
    context.offer(BindableService.class, new DiscoveryService(hub));
    context.offer(BindableService.class, new StatusService(hub, gatherer));
    context.offer(Whereabouts.class, (request, source, destination) ->
        hub.mesh().toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join().flatMap(mesh -> Arriving.of(mesh, request, source, destination)));
    return new Pilot(hub, gatherer, flow);
  }

  /** Where real Envoys have policy judged: in this process, unless settings name others of this machine. */
  private static PolicyService policyService(Fields own, Fields kernel) {
    Optional<Fields> section = own.mapping("policy");
    List<String> addresses = section.map(fields -> fields.texts("addresses")).orElse(List.of());
    for (String each : addresses) {
      int colon = each.lastIndexOf(':');
      boolean here =
          colon > 0
              && each.substring(colon + 1).matches("[1-9][0-9]{0,4}")
              && Names.ipAddress(each.substring(0, colon).replaceAll("^\\[|]$", "")).filter(InetAddress::isLoopbackAddress).isPresent();
      if (!here) {
        section.orElseThrow().error("addresses", "\"" + each + "\" is no loopback address with a port; an Envoy elsewhere names a cluster of its own, with TLS, in its node metadata (TENON_POLICY_CLUSTER)");
      }
    }
    Duration deadline = section.flatMap(fields -> fields.duration("deadline")).orElse(PolicyService.USUAL.deadline());
    if (deadline.toMillis() < 20 || deadline.toSeconds() > 10) {
      section.orElseThrow().error("deadline", "should be from 20ms to 10s");
    }
    if (addresses.isEmpty()) {
      addresses = kernel.mapping("grpc").flatMap(grpc -> grpc.optionalText("address")).map(List::of).orElse(PolicyService.USUAL.addresses());
    }
    return new PolicyService(addresses, deadline);
  }

  /** Done when every registry of the profile has come; at once where nobody knows. */
  private static CompletionStage<Void> arrivals(ModuleContext context) {
    AtomicReference<List<Offer<Arrivals>>> present = new AtomicReference<>(List.of());
    context.offers(Arrivals.class).subscribe(present::set).close();
    return CompletableFuture.allOf(Objects.requireNonNull(present.get()).stream()
        .map(each -> each.service().of(Registry.class).toCompletableFuture())
        .toArray(CompletableFuture[]::new));
  }

  private static String domain(Fields mesh) {
    String domain = mesh.text("domain", "cluster.local");
    if (!Names.isDnsSubdomain(domain)) {
      mesh.error("domain", "\"" + domain + "\" must be DNS labels joined by dots, in lower case");
    }
    if (!mesh.findings().isEmpty()) {
      throw new BadConfig(mesh.findings());
    }
    return domain;
  }

  /** One generation. */
  private record Pilot(Hub hub, Gatherer gatherer, Subscription flow) implements Running {
    @Override
    public CompletionStage<Void> ready() {
      return hub.ready();
    }

    /** Streams end at once: by delta a client comes back to the next generation with all it has. */
    @Override
    public CompletionStage<Void> drain(Duration deadline) {
      hub.drain();
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void close() {
      flow.close();
      gatherer.close();
      hub.close();
    }
  }
}
