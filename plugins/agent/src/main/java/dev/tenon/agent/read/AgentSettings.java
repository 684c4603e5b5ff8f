package dev.tenon.agent.read;

import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.trust.HostCredential;
import dev.tenon.spi.workload.Entrant;
import dev.tenon.spi.workload.WorkloadSection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the agent is told.
 *
 * @param joins who enters the mesh, and where; empty when the process registers nobody
 * @param timeToLive how long the workload stays listed without a sign of life, 2 s to 1 h
 * @param settle how long to wait, after the workload left and before its proxy stops, for the news to
 *     reach the callers
 */
public record AgentSettings(Optional<Joining> joins, Duration timeToLive, Duration settle) {
  private static final Duration SHORTEST = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofHours(1);

  /**
   * Who enters the mesh, and where to.
   *
   * @param credential what the host proves itself with; empty where the control plane is on this machine
   */
  public record Joining(Entrant entrant, ControlPlane controlPlane, Optional<HostCredential> credential) {}

  /**
   * Reads the three sections; {@code agent} and {@code workload} are read whole.
   *
   * @throws BadConfig with everything that is wrong
   */
  public static AgentSettings read(Fields agent, Fields mesh, Fields workload) {
    boolean register = agent.truth("register", true);
    Duration timeToLive = bounded(agent, "timeToLive", Duration.ofSeconds(10), SHORTEST, LONGEST);
    Duration settle = bounded(agent, "settle", Duration.ofMillis(500), Duration.ZERO, Duration.ofMinutes(1));
    Optional<Joining> joins = Optional.empty();
    List<Finding> findings = new ArrayList<>();
    if (register && workload.names().isEmpty()) {
      agent.error("register", "needs a section \"workload\" that says who is to be registered; or set it to false");
    } else if (!workload.names().isEmpty()) {
      Entrant entrant = WorkloadSection.read(workload);
      findings.addAll(workload.close());
      if (register) {
        Optional<HostCredential> credential = mesh.optionalText("credential").map(HostCredential::in);
        joins = ControlPlane.read(mesh).map(controlPlane -> new Joining(entrant, controlPlane, credential));
        findings.addAll(mesh.findings());
      }
    }
    if (!register && mesh.has("credential")) {
      agent.error("register", "must not be false where mesh.credential is set: nobody would renew the credential");
    }
    findings.addAll(agent.close());
    if (findings.stream().anyMatch(each -> each.severity() == Finding.Severity.ERROR)) {
      throw new BadConfig(findings);
    }
    return new AgentSettings(joins, timeToLive, settle);
  }

  private static Duration bounded(Fields agent, String field, Duration usual, Duration least, Duration most) {
    Duration said = agent.duration(field).orElse(usual);
    if (said.compareTo(least) < 0 || said.compareTo(most) > 0) {
      agent.error(field, "should be between " + shown(least) + " and " + shown(most));
      return usual;
    }
    return said;
  }

  private static String shown(Duration duration) {
    return duration.toSeconds() + "s";
  }
}
