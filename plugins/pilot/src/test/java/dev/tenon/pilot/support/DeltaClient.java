package dev.tenon.pilot.support;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.Status;
import dev.tenon.pilot.translate.ResourceType;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.ManagedChannel;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A client of the incremental protocol that does as the test says. */
public final class DeltaClient extends Stream<DeltaDiscoveryRequest, DeltaDiscoveryResponse> {
  private final Node node;
  private boolean introduced;

  public DeltaClient(ManagedChannel channel, Node node, boolean reads) {
    super(reads);
    this.node = node;
    AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(this);
  }

  /** Subscribes to names, or to everything by {@code *}, saying what it has. */
  public void subscribe(ResourceType type, Map<String, String> has, String... names) {
    send(
        DeltaDiscoveryRequest.newBuilder()
            .setTypeUrl(type.url())
            .putAllInitialResourceVersions(has)
            .addAllResourceNamesSubscribe(List.of(names)));
  }

  public void subscribe(ResourceType type, String... names) {
    subscribe(type, Map.of(), names);
  }

  public void unsubscribe(ResourceType type, String... names) {
    send(
        DeltaDiscoveryRequest.newBuilder()
            .setTypeUrl(type.url())
            .addAllResourceNamesUnsubscribe(List.of(names)));
  }

  public void acknowledge(DeltaDiscoveryResponse answer) {
    send(
        DeltaDiscoveryRequest.newBuilder()
            .setTypeUrl(answer.getTypeUrl())
            .setResponseNonce(answer.getNonce()));
  }

  public void acknowledge(ResourceType type, String nonce) {
    send(DeltaDiscoveryRequest.newBuilder().setTypeUrl(type.url()).setResponseNonce(nonce));
  }

  public void refuse(DeltaDiscoveryResponse answer, String reason) {
    send(
        DeltaDiscoveryRequest.newBuilder()
            .setTypeUrl(answer.getTypeUrl())
            .setResponseNonce(answer.getNonce())
            .setErrorDetail(Status.newBuilder().setCode(Code.INVALID_ARGUMENT_VALUE).setMessage(reason)));
  }

  /** The next answer, which must be of this type. */
  public DeltaDiscoveryResponse next(ResourceType type) throws InterruptedException {
    DeltaDiscoveryResponse answer = take();
    if (!answer.getTypeUrl().equals(type.url())) {
      throw new AssertionError("wanted " + type + ", got " + answer.getTypeUrl() + " " + names(answer));
    }
    return answer;
  }

  /** The next answer, acknowledged. */
  public DeltaDiscoveryResponse accept(ResourceType type) throws InterruptedException {
    DeltaDiscoveryResponse answer = next(type);
    acknowledge(answer);
    return answer;
  }

  public static List<String> names(DeltaDiscoveryResponse answer) {
    return answer.getResourcesList().stream().map(Resource::getName).sorted().toList();
  }

  public static Map<String, String> versions(DeltaDiscoveryResponse answer) {
    Map<String, String> versions = new TreeMap<>();
    answer.getResourcesList().forEach(each -> versions.put(each.getName(), each.getVersion()));
    return versions;
  }

  public static Any body(DeltaDiscoveryResponse answer, int index) {
    return answer.getResources(index).getResource();
  }

  private void send(DeltaDiscoveryRequest.Builder request) {
    if (!introduced) {
      introduced = true;
      request.setNode(node);
    }
    ask(request.build());
  }
}
