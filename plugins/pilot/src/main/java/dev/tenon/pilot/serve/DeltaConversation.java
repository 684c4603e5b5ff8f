package dev.tenon.pilot.serve;

import dev.tenon.pilot.translate.Resource;
import dev.tenon.pilot.translate.ResourceType;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.stub.StreamObserver;
import java.util.NavigableMap;

/** The incremental protocol: the client names what it wants in changes, and is sent changes. */
final class DeltaConversation extends Conversation<DeltaDiscoveryRequest, DeltaDiscoveryResponse> {
  private static final String ALL = "*";

  DeltaConversation(Hub hub, StreamObserver<DeltaDiscoveryResponse> out) {
    super(hub, out);
  }

  @Override
  Node node(DeltaDiscoveryRequest request) {
    return request.getNode();
  }

  @Override
  String url(DeltaDiscoveryRequest request) {
    return request.getTypeUrl();
  }

  @Override
  void take(ResourceType type, DeltaDiscoveryRequest request) {
    limitNames(request.getResourceNamesSubscribeList());
    trace("asks for", type, request.getResponseNonce(), request.getResourceNamesSubscribeList());
    Watch watch = watch(type);
    boolean first = watch == null;
    if (watch == null) {
      limitNames(request.getInitialResourceVersionsMap().keySet());
      watch = newWatch(type);
      begin(type, watch, request);
    } else if (!request.getResponseNonce().isEmpty()) {
      answered(type, watch, request);
    }
    for (String name : request.getResourceNamesUnsubscribeList()) {
      if (name.equals(ALL)) {
        watch.wildcard(false);
      } else {
        watch.remove(name);
      }
    }
    for (String name : request.getResourceNamesSubscribeList()) {
      if (name.equals(ALL)) {
        watch.wildcard(true);
      } else {
        // Who asks for a name wants to be sent it, unless it has just said that it has it.
        if (!first) {
          watch.again(name);
        }
        watch.add(name);
      }
    }
    if (first && request.getInitialResourceVersionsCount() > 0) {
      watch.owesNothing();
    }
  }

  private static void begin(ResourceType type, Watch watch, DeltaDiscoveryRequest request) {
    request.getInitialResourceVersionsMap().forEach(watch::knows);
    if (type.isWildcard() && request.getResourceNamesSubscribeList().isEmpty()) {
      watch.wildcard(true);
    }
  }

  private void answered(ResourceType type, Watch watch, DeltaDiscoveryRequest request) {
    String error = request.hasErrorDetail() ? describe(request.getErrorDetail()) : "";
    if (watch.answered(request.getResponseNonce(), error, System.currentTimeMillis()) && !error.isEmpty()) {
      refused(type, error);
    }
  }

  static String describe(com.google.rpc.Status status) {
    String message = status.getMessage();
    return message.isEmpty() ? "code " + status.getCode() : message;
  }

  @Override
  boolean isDue(Watch watch, Difference difference, ResourceType type) {
    return !difference.isEmpty() || watch.owes();
  }

  @Override
  DeltaDiscoveryResponse answer(
      ResourceType type, Watch watch, Difference difference, NavigableMap<String, Resource> target) {
    String version = Watch.version(watch.wanted(target));
    String nonce = nextNonce();
    DeltaDiscoveryResponse.Builder response =
        DeltaDiscoveryResponse.newBuilder()
            .setTypeUrl(type.url())
            .setSystemVersionInfo(version)
            .setNonce(nonce)
            .addAllRemovedResources(difference.removed())
            .addAllRemovedResources(difference.missing());
    trace("is sent", type, nonce, names(difference.changed()));
    for (Resource resource : difference.changed()) {
      response.addResources(
          io.envoyproxy.envoy.service.discovery.v3.Resource.newBuilder()
              .setName(resource.name())
              .setVersion(resource.version())
              .setResource(resource.body()));
    }
    watch.sending(version, nonce, difference, false, System.currentTimeMillis());
    return response.build();
  }
}
