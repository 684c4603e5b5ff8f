package dev.tenon.cli.demo;

import dev.tenon.cli.demo.Bookinfo.Member;
import dev.tenon.cli.process.Mesh;
import dev.tenon.cli.process.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Starts everybody: the control plane, the gateway, and each workload's application and sidecar. */
final class Members {
  private final Layout layout;
  private final Processes processes;
  private final Ground ground;
  private final Set<With> with;

  Members(Layout layout, Processes processes, Ground ground, Set<With> with) {
    this.layout = layout;
    this.processes = processes;
    this.ground = ground;
    this.with = with;
  }

  Ground ground() {
    return ground;
  }

  boolean with(With what) {
    return with.contains(what);
  }

  /** Whether Consul knows it as an instance of its service, and no sidecar stands before it. */
  boolean inConsul(Member member) {
    return with(With.consul) && member.service().equals("reviews") && !member.version().equals("v1");
  }

  /**
   * Starts the control plane.
   *
   * @param consul where Consul answers; empty without
   */
  void startControlPlane(String consul) throws IOException {
    StringBuilder config = new StringBuilder();
    if (with(With.vm)) {
      config.append("kernel: {grpc: {address: \"%s\", secure: \"%s\"}}\n".formatted(Bookinfo.CONTROL_PLANE, ground.meshPort()));
    }
    if (!consul.isEmpty()) {
      config.append("modules: [citadel, galley, mixer, registry-vm, registry-consul, pilot]\npilot: {registries: [consul, vm]}\nregistry-consul: {address: \"%s\"}\n".formatted(consul));
    }
    run("control-plane", Ground.CONTROL_PLANE, "control-plane", config.toString());
  }

  /** Starts the others; hosts of their own join with a token. */
  void startOthers(Mesh mesh) throws IOException {
    run("gateway", Ground.CONTROL_PLANE, "gateway", Bookinfo.gatewayConfig(ground));
    for (Member member : Bookinfo.MEMBERS) {
      String config = member.sidecarConfig(ground, !inConsul(member));
      if (with(With.vm)) {
        join(member, config, mesh.token(member.service()));
      } else {
        run("sidecar", member.host(), member.sidecar(), config + "mesh: {controlPlane: \"" + Bookinfo.CONTROL_PLANE + "\"}\n");
      }
      startApplication(member);
    }
  }

  private void startApplication(Member member) {
    // Who has no sidecar before it is called by the others itself.
    String address = inConsul(member) ? ground.address(member.host()) : ground.local(member.host());
    processes.start(
        member.name(),
        ground.on(
            member.host(),
            List.of(
                layout.java().toString(), "-Xmx32m", "-Xshare:auto", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-jar", layout.bookinfoJar().toString(), member.service(),
                "--bind", address + ":" + Bookinfo.APPLICATION_PORT, "--version", member.version())),
        Map.of("HTTP_PROXY", "http://" + ground.local(member.host()) + ":" + Bookinfo.OUTBOUND_PORT, "NO_PROXY", ""));
  }

  /** Starts one process of the mesh in a directory of its own. */
  private void run(String profile, int host, String name, String config) throws IOException {
    Path directory = Files.createDirectories(layout.run().resolve(name));
    List<String> words = new ArrayList<>(List.of("run", "--profile", profile, "--set", "run.directory=" + directory));
    if (!config.isEmpty()) {
      words.addAll(List.of("--config", written(name, config)));
    }
    tenon(name, host, words, Map.of());
  }

  /** The one command that a machine joins with. The token is where other users of the machine do not see it. */
  private void join(Member member, String config, String token) throws IOException {
    tenon(
        member.sidecar(),
        member.host(),
        List.of(
            "vm", "join", "--foreground", "--server", ground.meshPort(), "--workload", written(member.sidecar(), config),
            "--directory", layout.run().resolve(member.sidecar()).toString()),
        Map.of("TENON_JOIN_TOKEN", token));
  }

  private void tenon(String name, int host, List<String> words, Map<String, String> environment) {
    List<String> command = new ArrayList<>(List.of(layout.tenon().toString()));
    command.addAll(words);
    processes.start(name, ground.on(host, command), environment);
  }

  private String written(String name, String config) throws IOException {
    return Files.writeString(layout.run().resolve(name + ".yaml"), config).toString();
  }

  /** Where a process of the mesh has its socket and its plug-ins. */
  Path directory(String process) {
    Path own = layout.run().resolve(process);
    return with(With.vm) && process.startsWith("sidecar-") ? own.resolve("run") : own;
  }
}
