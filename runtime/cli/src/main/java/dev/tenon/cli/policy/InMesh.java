package dev.tenon.cli.policy;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.wire.admin.v1.DescribePolicyRequest;
import dev.tenon.wire.admin.v1.DescribePolicyResponse;
import dev.tenon.wire.admin.v1.PolicyRule;
import dev.tenon.wire.admin.v1.PolicyService;
import dev.tenon.wire.admin.v1.ProxyStatus;
import dev.tenon.wire.admin.v1.ServicesRequest;
import dev.tenon.wire.admin.v1.StatusRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;

/**
 * A process's policy with what it applies to. A control plane knows services and proxies; a sidecar or a policy service by itself
 * does not.
 *
 * @param proxies that are connected
 * @param knowsMesh whether services and proxies could be asked for
 */
record InMesh(DescribePolicyResponse policy, List<ProxyStatus> proxies, boolean knowsMesh) {
  private static final int MOST_SERVICES = 10_000;

  static InMesh ask(AdminSocket socket, String namespace) {
    DescribePolicyRequest.Builder request = DescribePolicyRequest.newBuilder().setNamespace(namespace);
    List<ProxyStatus> proxies = List.of();
    boolean knows = true;
    try {
      socket.mesh().services(ServicesRequest.getDefaultInstance()).getServicesList().stream()
          .limit(MOST_SERVICES)
          .forEach(each -> request.addServices(PolicyService.newBuilder().setHost(each.getHost()).setNamespace(each.getNamespace())));
      proxies = socket.mesh().status(StatusRequest.getDefaultInstance()).getProxiesList().stream().filter(ProxyStatus::getConnected).toList();
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.UNIMPLEMENTED) {
        throw e;
      }
      knows = false;
    }
    return new InMesh(socket.policy().describe(request.build()), proxies, knows);
  }

  /** The proxies whose requests a rule judges. */
  List<String> proxies(PolicyRule rule) {
    return proxies.stream()
        .filter(each -> each.getNode().startsWith("sidecar~"))
        .filter(each -> rule.getEverywhere() || each.getNamespace().equals(rule.getNamespace()))
        .map(InMesh::name)
        .sorted()
        .toList();
  }

  private static String name(ProxyStatus proxy) {
    String[] parts = proxy.getNode().split("~", -1);
    return parts.length == 4 ? parts[2] : proxy.getNode();
  }
}
