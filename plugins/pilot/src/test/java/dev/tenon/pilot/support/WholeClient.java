package dev.tenon.pilot.support;

import com.google.rpc.Code;
import com.google.rpc.Status;
import dev.tenon.pilot.translate.ResourceType;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.ManagedChannel;
import java.util.List;

/** A client of the state-of-the-world protocol that does as the test says. */
public final class WholeClient extends Stream<DiscoveryRequest, DiscoveryResponse> {
  private final Node node;
  private boolean introduced;

  public WholeClient(ManagedChannel channel, Node node) {
    super(true);
    this.node = node;
    AggregatedDiscoveryServiceGrpc.newStub(channel).streamAggregatedResources(this);
  }

  /** Asks for names, with a version that it claims to have and a nonce. */
  public void ask(ResourceType type, String version, String nonce, String... names) {
    send(request(type, version, nonce, names));
  }

  public void acknowledge(DiscoveryResponse answer, String... names) {
    ResourceType type = ResourceType.of(answer.getTypeUrl()).orElseThrow();
    ask(type, answer.getVersionInfo(), answer.getNonce(), names);
  }

  public void refuse(DiscoveryResponse answer, String acceptedBefore, String... names) {
    ResourceType type = ResourceType.of(answer.getTypeUrl()).orElseThrow();
    send(
        request(type, acceptedBefore, answer.getNonce(), names)
            .setErrorDetail(
                Status.newBuilder().setCode(Code.INVALID_ARGUMENT_VALUE).setMessage("not to my taste")));
  }

  /** The next answer, which must be of this type. */
  public DiscoveryResponse next(ResourceType type) throws InterruptedException {
    DiscoveryResponse answer = take();
    if (!answer.getTypeUrl().equals(type.url())) {
      throw new AssertionError("wanted " + type + ", got " + answer.getTypeUrl());
    }
    return answer;
  }

  private static DiscoveryRequest.Builder request(
      ResourceType type, String version, String nonce, String... names) {
    return DiscoveryRequest.newBuilder()
        .setTypeUrl(type.url())
        .setVersionInfo(version)
        .setResponseNonce(nonce)
        .addAllResourceNames(List.of(names));
  }

  private void send(DiscoveryRequest.Builder request) {
    if (!introduced) {
      introduced = true;
      request.setNode(node);
    }
    ask(request.build());
  }
}
