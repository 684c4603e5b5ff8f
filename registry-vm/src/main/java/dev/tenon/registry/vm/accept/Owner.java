package dev.tenon.registry.vm.accept;

import dev.tenon.spi.model.Workload;
import dev.tenon.spi.model.WorkloadPort;
import dev.tenon.spi.trust.HostIdentity;
import java.util.List;
import java.util.Optional;

/** Holds a beat against the credential that its stream came with: a host registers itself and nobody else, for its own services, in its group. */
final class Owner {
  private Owner() {}

  /**
   * Lets a claim pass or not.
   *
   * @param uris the names in the caller's credential; none where it is on this machine and needs no credential
   * @return the claim, of the group that the credential names
   * @throws BadBeat when it is not the caller's to claim
   */
  static Claim checked(List<String> uris, Claim claim) throws BadBeat {
    if (claim.standing()) {
      throw new BadBeat("standing", "only an operator registers what needs no beats; see 'tenon workload register'");
    }
    if (uris.isEmpty() || claim.registrant().isEmpty()) {
      return claim;
    }
    Workload workload = claim.registrant().get().workload();
    Optional<HostIdentity> host = HostIdentity.of(uris);
    if (host.isEmpty() || !host.get().isOf(workload.namespace(), workload.name())) {
      String who = host.map(each -> each.namespace() + "/" + each.name()).orElse("no host");
      throw new BadBeat("workload.name", workload.key() + " is not the caller's: its credential is that of " + who
          + "; join with a token of its own");
    }
    String group = claim.registrant().get().group();
    if (!group.isEmpty() && !group.equals(host.get().group())) {
      throw new BadBeat("workload.group", "the host joined the group " + host.get().group() + ", not " + group
          + "; leave the field out, or join with a token of that group");
    }
    for (WorkloadPort port : workload.ports()) {
      if (!host.get().mayServe(port.service().namespace(), port.service().name())) {
        throw new BadBeat("workload.ports", "the host may answer for " + String.join(", ", host.get().services()) + ", not for "
            + port.service().namespace() + "/" + port.service().name() + "; join with a token that allows it ('tenon vm token create --service')");
      }
    }
    return claim.of(host.get().group());
  }
}
