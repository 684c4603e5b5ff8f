package dev.tenon.cli.demo;

import dev.tenon.cli.client.Refused;
import dev.tenon.cli.demo.Bookinfo.Member;
import dev.tenon.cli.process.Caller;
import dev.tenon.cli.process.Caller.Answer;
import dev.tenon.cli.process.Mesh;
import dev.tenon.cli.process.Processes;
import dev.tenon.wire.admin.v1.ModuleInfo;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The script: each method is a step that the operator sees. */
final class Demo {
  private static final int STEP_SECONDS = 6;
  private final PrintStream out = System.out;
  private final Layout layout;
  private final Processes processes;
  private final Report report;

  Demo(Layout layout, Processes processes, Report report) {
    this.layout = layout;
    this.processes = processes;
    this.report = report;
  }

  /** Plays every step in order. */
  void play() throws IOException, InterruptedException {
    long start = System.nanoTime();
    startControlPlane();
    try (Mesh mesh = Mesh.connect(run("control-plane").resolve("admin.sock"), processes)) {
      say("control plane ready after %d ms", millisSince(start));
      startEverybody();
      converge(mesh, start);
      applyBookinfo(mesh);
      report.figure("ready_ms", millisSince(start));
      try (Load load = new Load()) {
        shift(mesh, load);
        faults(mesh);
        adapter(mesh);
        swap(mesh, load);
        exchange(mesh, load);
        report.figure("client_reconnects", load.reconnects());
      }
    }
  }

  private void startControlPlane() throws IOException {
    title("Starting a mesh: one control plane, one gateway, six workloads with a sidecar each");
    tenon("control-plane", "control-plane", "");
  }

  private void startEverybody() throws IOException {
    tenon("gateway", "gateway", Bookinfo.gatewayConfig());
    for (Member member : Bookinfo.MEMBERS) {
      tenon("sidecar", "sidecar-" + member.name(), member.sidecarConfig());
      processes.start(
          member.name(),
          List.of(
              layout.java().toString(), "-Xmx32m", "-Xshare:auto", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
              "-jar", layout.bookinfoJar().toString(), member.service(),
              "--bind", member.address() + ":" + Bookinfo.APPLICATION_PORT, "--version", member.version()),
          Map.of("HTTP_PROXY", "http://" + member.address() + ":" + Bookinfo.OUTBOUND_PORT, "NO_PROXY", ""));
    }
  }

  private void converge(Mesh mesh, long start) {
    mesh.awaitConverged(Bookinfo.MEMBERS.size() + 1);
    long took = millisSince(start);
    report.figure("converged_ms", took);
    say("every proxy has acknowledged its configuration, %d ms after the start", took);
  }

  private void applyBookinfo(Mesh mesh) {
    title("Applying Bookinfo's gateway, destination rules and virtual services");
    for (String file : List.of("bookinfo-gateway", "destination-rule-all", "virtual-service-all-v1")) {
      mesh.apply(layout.rules("networking/" + file + ".yaml"));
      say("applied %s.yaml", file);
    }
    mesh.await("the page through the gateway", 20, () -> answers(page(Map.of()), "v1"));
    say("the page: http://%s:%d/productpage", Bookinfo.GATEWAY_ADDRESS, Bookinfo.GATEWAY_PORT);
  }

  private void shift(Mesh mesh, Load load) throws InterruptedException {
    title("Shifting reviews under " + Load.perSecond() + " requests/s, retries off");
    say("%-22s %8s %8s %8s %8s   %s", "", "requests", "failures", "p50 ms", "p99 ms", "shares %");
    step(mesh, load, "100/0", "virtual-service-all-v1", Map.of("v1", 100.0));
    step(mesh, load, "90/10", "virtual-service-reviews-90-10", Map.of("v1", 90.0, "v3", 10.0));
    step(mesh, load, "50/50", "virtual-service-reviews-50-50", Map.of("v1", 50.0, "v3", 50.0));
    step(mesh, load, "0/100", "virtual-service-reviews-v3", Map.of("v3", 100.0));
  }

  private void step(Mesh mesh, Load load, String name, String file, Map<String, Double> wanted)
      throws InterruptedException {
    Tally change = load.begin();
    mesh.apply(layout.rules("networking/" + file + ".yaml"));
    Tally tally = load.begin();
    TimeUnit.SECONDS.sleep(STEP_SECONDS);
    load.begin();
    report.span(name + " while it is applied", change);
    report.span(name, tally);
    say(
        "reviews v1/v3 %-8s %8d %8d %8.1f %8.1f   %s",
        name, tally.requests(), tally.failures(), tally.millis(0.5), tally.millis(0.99), tally.shares());
    wanted.forEach(
        (version, share) -> {
          double seen = tally.shares().getOrDefault(version, 0.0);
          if (Math.abs(seen - share) > tolerance(share / 100, tally.requests())) {
            report.missed(name + ": reviews " + version + " had " + seen + " % of the requests, not " + share);
          }
        });
  }

  /** Four and a half standard deviations of a share drawn by lot: a right one misses it once in 150,000 runs. */
  private static double tolerance(double share, int requests) {
    return 450 * Math.sqrt(share * (1 - share) / Math.max(1, requests));
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
    title("Dropping a policy adapter into the running sidecar of reviews v3");
    Map<String, String> marked = Map.of("x-demo-block", "1");
    mesh.apply(layout.rules("policy/deny-header.yaml"));
    expect("without its adapter the rule lets all pass: it is marked on-failure: open", !denied(page(marked)));

    Path jar = run("sidecar-reviews-v3").resolve("plugins").resolve("headerguard.jar");
    Files.createDirectories(jar.getParent());
    long start = System.nanoTime();
    Files.copy(layout.adapterJar(), jar);
    mesh.await("the adapter to deny what its rule says", 10, () -> denied(page(marked)));
    long took = millisSince(start);
    report.figure("adapter_effective_ms", took);
    expect("dropped in: requests with x-demo-block are denied after " + took + " ms", took < 2000);
    expect("others pass", !denied(page(Map.of())));

    start = System.nanoTime();
    Files.delete(jar);
    mesh.await("the adapter to be gone", 10, () -> !denied(page(marked)));
    report.figure("adapter_gone_ms", millisSince(start));
    expect("deleted: they pass again after " + millisSince(start) + " ms", true);
  }

  private void swap(Mesh mesh, Load load) throws IOException, InterruptedException {
    title("Replacing the proxy of productpage's sidecar by another build, under load");
    String before = page(Map.of()).header("x-tenon-build");
    Path jar = run("sidecar-productpage-v1").resolve("plugins").resolve("tenon-proxy.jar");
    Files.createDirectories(jar.getParent());
    Path staged = layout.run().resolve("another-build.jar");
    Rebuild.of(layout.proxyJar(), staged);
    Tally tally = load.begin();
    TimeUnit.SECONDS.sleep(2);
    long start = System.nanoTime();
    Files.move(staged, jar, StandardCopyOption.ATOMIC_MOVE);
    mesh.await("another build to answer", 30, () -> !page(Map.of()).header("x-tenon-build").equals(before));
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
    Exchange exchange = new Exchange(layout, load);
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

  /** Starts one process of the mesh in a directory of its own. */
  private void tenon(String profile, String name, String config) throws IOException {
    Path directory = run(name);
    Files.createDirectories(directory);
    List<String> command =
        new ArrayList<>(
            List.of(layout.tenon().toString(), "run", "--profile", profile, "--set", "run.directory=" + directory));
    if (!config.isEmpty()) {
      Path file = layout.run().resolve(name + ".yaml");
      Files.writeString(file, config);
      command.addAll(List.of("--config", file.toString()));
    }
    processes.start(name, command, Map.of());
  }

  private Path run(String name) {
    return layout.run().resolve(name);
  }

  private static Answer page(Map<String, String> headers) {
    try (Caller caller = new Caller(Bookinfo.GATEWAY_ADDRESS, Bookinfo.GATEWAY_PORT)) {
      return caller.get("/productpage", headers);
    } catch (IOException e) {
      return new Answer(0, Map.of(), e.toString());
    }
  }

  private static long timed(Map<String, String> headers) {
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
    say("%s %s", met ? "ok " : "NOT MET:", what);
    if (!met) {
      report.missed(what);
    }
  }

  private void title(String text) {
    out.println("\n== " + text);
  }

  private void say(String text, Object... values) {
    out.println("   " + text.formatted(values));
  }

  private static long millisSince(long start) {
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }
}
