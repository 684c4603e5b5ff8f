package dev.tenon.cli.demo;

import dev.tenon.cli.client.Refused;
import dev.tenon.cli.demo.Bookinfo.Member;
import dev.tenon.cli.process.Caller;
import dev.tenon.cli.process.Caller.Answer;
import dev.tenon.cli.process.Mesh;
import dev.tenon.cli.process.Processes;
import dev.tenon.wire.admin.v1.ModuleInfo;
import dev.tenon.wire.admin.v1.ServiceStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The script: each method is a step that the operator sees. */
final class Demo {
  private final Layout layout;
  private final Processes processes;
  private final Members members;
  private final Ground ground;
  private final Script script;
  private final Report report;

  Demo(Layout layout, Processes processes, Members members, Script script) {
    this.layout = layout;
    this.processes = processes;
    this.members = members;
    this.ground = members.ground();
    this.script = script;
    this.report = script.report();
  }

  /** Plays every step in order. */
  void play() throws IOException, InterruptedException {
    Optional<ConsulAgent> consul =
        members.with(With.consul) ? Optional.of(ConsulAgent.found(processes, ground)) : Optional.empty();
    long start = System.nanoTime();
    prepare();
    consul.ifPresent(ConsulAgent::start);
    members.startControlPlane(consul.map(ConsulAgent::url).orElse(""));
    try (Mesh mesh = Mesh.connect(members.directory("control-plane").resolve("admin.sock"), processes)) {
      say("control plane ready after %d ms", millisSince(start));
      members.startOthers(mesh);
      consul.ifPresent(agent -> register(mesh, agent));
      converge(mesh, start);
      applyBookinfo(mesh);
      report.figure("ready_ms", millisSince(start));
      try (Load load = new Load(gateway())) {
        Shifting shifting = new Shifting(script, layout, mesh, load);
        shifting.play(members.with(With.consul) || members.with(With.vm));
        faults(mesh);
        adapter(mesh);
        new RateLimiting(script, mesh, layout.rules("policy/rate-limit.yaml"), ground).play(load);
        swap(mesh, load);
        exchange(mesh, load);
        if (consul.isPresent()) {
          loseConsul(mesh, load, shifting, consul.get());
        }
        report.figure("client_reconnects", load.reconnects());
      }
    }
  }

  private void prepare() {
    title("Starting a mesh: one control plane, one gateway, six workloads with a sidecar each");
    if (members.with(With.vm)) {
      String hindrance = ground.separate();
      boolean separate = hindrance.isEmpty();
      report.figure("hosts", separate ? "network namespaces" : "loopback addresses");
      say(separate ? "every workload has a host of its own: a network namespace with a router to the others"
          : hindrance.replace("%", "%%") + "; every workload has a loopback address for a host");
    }
  }

  private void register(Mesh mesh, ConsulAgent consul) {
    mesh.await("Consul at " + consul.url() + " to lead", 90, consul::ready);
    for (Member member : Bookinfo.MEMBERS) {
      if (members.inConsul(member)) {
        consul.register(member);
        say("registered %s in Consul, at %s", member.name(), consul.url());
      }
    }
  }

  private void converge(Mesh mesh, long start) {
    mesh.awaitConverged(Bookinfo.MEMBERS.size() + 1);
    long took = millisSince(start);
    report.figure("converged_ms", took);
    if (members.with(With.vm)) {
      say("%d hosts have joined with a token each", Bookinfo.MEMBERS.size());
    }
    say("every proxy has acknowledged its configuration, %d ms after the start", took);
  }

  private void applyBookinfo(Mesh mesh) {
    title("Applying Bookinfo's gateway, destination rules and virtual services");
    for (String file : List.of("bookinfo-gateway", "destination-rule-all", "virtual-service-all-v1")) {
      mesh.apply(layout.rules("networking/" + file + ".yaml"));
      say("applied %s.yaml", file);
    }
    mesh.await("the page through the gateway", 60, () -> answers(page(Map.of()), "v1"));
    mesh.await("three instances of reviews", 60, () -> healthy(mesh.service("reviews")) == 3);
    say("reviews: three instances, known by %s", String.join(" and ", mesh.service("reviews").orElseThrow().getSourcesList()));
    say("the page: http://%s:%d/productpage", gateway(), Bookinfo.GATEWAY_PORT);
  }

  private static long healthy(Optional<ServiceStatus> service) {
    return service.stream().flatMap(each -> each.getEndpointsList().stream()).filter(each -> each.getHealth().equals("healthy")).count();
  }

  private void faults(Mesh mesh) {
    title("Routing by header, and trouble made on purpose for user jason alone");
    Map<String, String> jason = Map.of("end-user", "jason");
    mesh.apply(layout.rules("networking/virtual-service-reviews-jason-v2.yaml"));
    expect("jason is served by reviews v2", answers(page(jason), "v2"));
    expect("everybody else is served by reviews v3", answers(page(Map.of()), "v3"));

    mesh.apply(layout.rules("networking/virtual-service-ratings-delay.yaml"));
    long delayed = timed(jason);
    report.figure("delay_ms", delayed);
    expect("a delay of 2 s for ratings: jason's page took " + delayed + " ms", delayed >= 2000 && delayed < 2900);
    long others = timed(Map.of());
    expect("everybody else's took " + others + " ms", others < 1500);

    mesh.apply(layout.rules("networking/virtual-service-ratings-abort.yaml"));
    expect("an abort for ratings: jason sees no stars", !Page.showsRatings(page(jason)));
    expect("everybody else does", Page.showsRatings(page(Map.of())));

    mesh.apply(layout.rules("networking/virtual-service-ratings.yaml"));
    expect("taken away: jason sees stars again", Page.showsRatings(page(jason)));
  }

  private void adapter(Mesh mesh) throws IOException {
    // Where v3 is Consul's, no sidecar stands before it.
    String version = members.with(With.consul) ? "v1" : "v3";
    title("Dropping a policy adapter into the running sidecar of reviews " + version);
    Map<String, String> marked = Map.of("x-demo-block", "1");
    mesh.apply(layout.rules("networking/virtual-service-" + (version.equals("v1") ? "all-v1" : "reviews-v3") + ".yaml"));
    mesh.apply(layout.rules("policy/deny-header.yaml"));
    expect("without its adapter the rule lets all pass: it is marked on-failure: open", !denied(page(marked)));

    Path jar = members.directory("sidecar-reviews-" + version).resolve("plugins").resolve("headerguard.jar");
    Files.createDirectories(jar.getParent());
    long start = System.nanoTime();
    Files.copy(layout.adapterJar(), jar);
    mesh.await("the adapter to deny what its rule says", 30, () -> denied(page(marked)));
    long took = millisSince(start);
    report.figure("adapter_effective_ms", took);
    expect("dropped in: requests with x-demo-block are denied after " + took + " ms", took < 2000);
    expect("others pass", !denied(page(Map.of())));

    start = System.nanoTime();
    Files.delete(jar);
    mesh.await("the adapter to be gone", 30, () -> !denied(page(marked)));
    report.figure("adapter_gone_ms", millisSince(start));
    expect("deleted: they pass again after " + millisSince(start) + " ms", true);
  }

  private void swap(Mesh mesh, Load load) throws IOException, InterruptedException {
    title("Replacing the proxy of productpage's sidecar by another build, under load");
    String before = page(Map.of()).header("x-tenon-build");
    Path jar = members.directory("sidecar-productpage-v1").resolve("plugins").resolve("tenon-proxy.jar");
    Files.createDirectories(jar.getParent());
    Path staged = layout.run().resolve("another-build.jar");
    Rebuild.of(layout.proxyJar(), staged);
    Tally tally = load.begin();
    TimeUnit.SECONDS.sleep(2);
    long start = System.nanoTime();
    Files.move(staged, jar, StandardCopyOption.ATOMIC_MOVE);
    mesh.await("another build to answer", 90, () -> !page(Map.of()).header("x-tenon-build").equals(before));
    long took = millisSince(start);
    String after = page(Map.of()).header("x-tenon-build");
    TimeUnit.SECONDS.sleep(3);
    load.begin();
    report.span("swap", tally);
    report.figure("swap_failures", tally.failures());
    report.figure("swap_effective_ms", took);
    say("x-tenon-build was %s, is %s after %d ms", before, after, took);
    expect(tally.requests() + " requests meanwhile, " + tally.failures() + " failed", tally.failures() == 0);
    expect("the header names both builds", !before.isEmpty() && !after.isEmpty());
  }

  private void exchange(Mesh mesh, Load load) throws IOException, InterruptedException {
    title("Replacing every kind of module by another build of itself, under load");
    Exchange exchange = new Exchange(layout, members, load);
    Map<String, Object> swaps = new LinkedHashMap<>();
    for (String process : List.of("sidecar-details-v1", "control-plane")) {
      for (ModuleInfo module : exchange.modules(process)) {
        Exchange.Replaced done = exchange.replace(process, module);
        TimeUnit.MILLISECONDS.sleep(300);
        load.begin();
        report.span("swap of " + process + "'s " + done.module(), done.tally());
        swaps.put(process + "/" + done.module(), done.asMap());
        expect("%s of %s after %d ms: %d requests meanwhile, %d failed".formatted(
            done.module(), process, done.millis(), done.tally().requests(), done.tally().failures()), done.tally().failures() == 0);
      }
    }
    mesh.awaitConverged(Bookinfo.MEMBERS.size() + 1);
    expect("every proxy has acknowledged what the new control plane has for it", true);
    report.figure("swaps", swaps);
  }

  private void loseConsul(Mesh mesh, Load load, Shifting shifting, ConsulAgent consul) throws InterruptedException {
    title("Killing Consul: what it said last goes on");
    mesh.apply(layout.rules("networking/" + Shifting.THREE_WAYS + ".yaml"));
    Tally tally = load.begin();
    consul.kill();
    mesh.await("the registry to be called stale", 90, () -> mesh.state("consul").equals("stale"));
    TimeUnit.SECONDS.sleep(Shifting.STEP_SECONDS);
    load.begin();
    shifting.judge("without Consul", tally, Shifting.SHARES);
    expect(tally.requests() + " requests without Consul, " + tally.failures() + " failed", tally.failures() == 0);
    Tally back = load.begin();
    consul.start();
    register(mesh, consul);
    mesh.await("the registry to be current", 90, () -> mesh.state("consul").equals("current") && healthy(mesh.service("reviews")) == 3);
    TimeUnit.SECONDS.sleep(1);
    Tally again = load.begin();
    // Not judged: an agent without a disk comes back empty, and until v2 and v3 are registered and checked they are not there.
    say("Consul is back, and v2 and v3 are registered anew: %d of %d requests failed until then", back.failures(), back.requests());
    TimeUnit.SECONDS.sleep(Shifting.STEP_SECONDS);
    load.begin();
    report.span("with Consul again", again);
    expect("the registry is current: %d requests, %d failed".formatted(again.requests(), again.failures()), again.failures() == 0);
  }

  private String gateway() {
    return ground.address(Ground.CONTROL_PLANE);
  }

  private Answer page(Map<String, String> headers) {
    try (Caller caller = new Caller(gateway(), Bookinfo.GATEWAY_PORT)) {
      return caller.get("/productpage", headers);
    } catch (IOException e) {
      return new Answer(0, Map.of(), e.toString());
    }
  }

  private long timed(Map<String, String> headers) {
    long start = System.nanoTime();
    Answer answer = page(headers);
    if (!Page.fault(answer).isEmpty()) {
      throw new Refused("the page failed: " + Page.fault(answer));
    }
    return millisSince(start);
  }

  private static boolean answers(Answer answer, String version) {
    return Page.fault(answer).isEmpty() && Page.reviewsVersion(answer).equals(version);
  }

  private static boolean denied(Answer answer) {
    return answer.header("x-reviews-status").equals("403");
  }

  private void expect(String what, boolean met) {
    script.expect(what, met);
  }

  private void title(String text) {
    script.title(text);
  }

  private void say(String text, Object... values) {
    script.say(text, values);
  }

  private static long millisSince(long start) {
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }
}
