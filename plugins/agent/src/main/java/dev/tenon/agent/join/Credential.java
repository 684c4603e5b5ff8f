package dev.tenon.agent.join;

import dev.tenon.agent.probe.Timers;
import dev.tenon.agent.read.ControlPlane;
import dev.tenon.spi.trust.HostCredential;
import dev.tenon.spi.workload.Entrant;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;

/** What a host that is not the control plane's own has to have before it can register. */
public final class Credential {
  private Credential() {}

  /**
   * Joins when the host has no credential yet, and renews it from then on.
   *
   * @throws IOException with what keeps the host from joining
   */
  public static Renewal held(
      ControlPlane controlPlane, Entrant entrant, HostCredential where, EventLoopGroup loops, Class<? extends Channel> channelType, Timers timers)
      throws IOException {
    Enrolment enrolment = new Enrolment(controlPlane, entrant, new CredentialFiles(where), loops, channelType);
    enrolment.join();
    Renewal renewal = new Renewal(enrolment, timers);
    renewal.start();
    return renewal;
  }
}
