package dev.tenon.proxy.subscribe;

import dev.tenon.wire.discovery.v1.Ask;
import dev.tenon.wire.discovery.v1.Node;
import dev.tenon.wire.discovery.v1.Refusal;
import dev.tenon.wire.discovery.v1.Version;
import dev.tenon.wire.xds.v1.DeltaDiscoveryResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of Envoy's delta ADS protocol, from its first request to its end. Says on opening what
 * is held already, so that the server sends only what differs, and answers each response once.
 *
 * <p>Everything happens on one {@link Desk}.
 */
final class Session implements ClientResponseObserver<Ask, DeltaDiscoveryResponse> {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);
  private static final String ALL = "*";

  /** Envoy's method, with the request in words of ours. */
  private static final MethodDescriptor<Ask, DeltaDiscoveryResponse> DELTA =
      MethodDescriptor.<Ask, DeltaDiscoveryResponse>newBuilder()
          .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
          .setFullMethodName("envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources")
          .setRequestMarshaller(ProtoUtils.marshaller(Ask.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(DeltaDiscoveryResponse.getDefaultInstance()))
          .build();

  private final Intake intake;
  private final Node node;
  private final Runnable established;
  private final Consumer<String> ended;
  private final Map<Kind, Set<String>> subscribed = new EnumMap<>(Kind.class);
  private final Map<Kind, Set<String>> followed = new EnumMap<>(Kind.class);
  private @Nullable ClientCallStreamObserver<Ask> requests;
  private boolean introduced;
  private boolean over;

  /**
   * @param established run when the server can be written to, at least once
   * @param ended told why the stream ended, once; not told of {@link #cancel}
   */
  Session(Intake intake, Node node, Runnable established, Consumer<String> ended) {
    this.intake = intake;
    this.node = node;
    this.established = established;
    this.ended = ended;
  }

  /** Opens the stream and asks for everything wanted. */
  void open(Channel channel) {
    ClientCalls.asyncBidiStreamingCall(channel.newCall(DELTA, CallOptions.DEFAULT), this);
    for (Kind kind : Kind.values()) {
      if (kind.wildcard()) {
        subscribe(kind, Set.of(ALL), Set.of());
      } else {
        follow(kind);
      }
    }
  }

  /** Ends the stream without a word. */
  void cancel() {
    over = true;
    if (requests != null) {
      requests.cancel("the subscription ends", null);
    }
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<Ask> stream) {
    requests = stream;
    // A server that has nothing new to say says nothing: only this tells that it is there.
    stream.setOnReadyHandler(established);
  }

  @Override
  public void onNext(DeltaDiscoveryResponse response) {
    if (over) {
      return;
    }
    Optional<Kind> kind = Kind.of(response.getTypeUrl());
    if (kind.isEmpty()) {
      LOG.warn("the control plane sent resources of {}, which nobody asked for", response.getTypeUrl());
      return;
    }
    acknowledge(kind.get(), response.getNonce(), apply(kind.get(), response));
    for (Kind each : Kind.values()) {
      if (!each.wildcard()) {
        follow(each);
      }
    }
  }

  @Override
  public void onError(Throwable problem) {
    end(io.grpc.Status.fromThrowable(problem).toString());
  }

  @Override
  public void onCompleted() {
    end("the server closed the stream");
  }

  private void end(String reason) {
    if (!over) {
      over = true;
      ended.accept(reason);
    }
  }

  /** Hands a response on. A fault of our own refuses it all, and leaves in force what was. */
  private List<Rejection> apply(Kind kind, DeltaDiscoveryResponse response) {
    List<Rejection> rejections = new ArrayList<>();
    List<Resource> changed = new ArrayList<>(response.getResourcesCount());
    for (var each : response.getResourcesList()) {
      if (each.hasResource() && !each.getResource().getTypeUrl().equals(kind.typeUrl())) {
        String reason = "is " + each.getResource().getTypeUrl() + " in a response of " + kind.typeUrl();
        rejections.add(new Rejection(each.getName(), "", reason));
      } else {
        changed.add(new Resource(each.getName(), each.getVersion(), each.getResource().getValue(), each.hasTtl()));
      }
    }
    try {
      rejections.addAll(intake.receive(kind, changed, response.getRemovedResourcesList()));
    } catch (RuntimeException e) {
      LOG.error("{} resources of {} could not be taken in", changed.size(), kind.typeUrl(), e);
      changed.forEach(each -> rejections.add(new Rejection(each.name(), "", "the proxy failed on it: " + e)));
    }
    return rejections;
  }

  private void acknowledge(Kind kind, String nonce, List<Rejection> rejections) {
    Ask.Builder answer =
        Ask.newBuilder().setTypeUrl(kind.typeUrl()).setResponseNonce(nonce);
    if (!rejections.isEmpty()) {
      String detail = Rejection.detail(rejections);
      LOG.warn("refused {} of {}; what was in force stays: {}", rejections.size(), kind, detail);
      answer.setErrorDetail(Refusal.newBuilder().setCode(Code.INVALID_ARGUMENT.value()).setMessage(detail));
    }
    send(answer);
  }

  /** Brings the subscription of a kind asked for by name in line with what is wanted now. */
  @SuppressWarnings("ReferenceEquality") // the same set again: nothing to compare
  private void follow(Kind kind) {
    Set<String> wanted = intake.wanted(kind);
    if (wanted == followed.put(kind, wanted)) {
      return;
    }
    Set<String> had = subscribed.getOrDefault(kind, Set.of());
    if (wanted.equals(had)) {
      return;
    }
    Set<String> more = new TreeSet<>(wanted);
    more.removeAll(had);
    Set<String> less = new TreeSet<>(had);
    less.removeAll(wanted);
    subscribe(kind, more, less);
  }

  private void subscribe(Kind kind, Set<String> more, Set<String> less) {
    Ask.Builder request =
        Ask.newBuilder()
            .setTypeUrl(kind.typeUrl())
            .addAllResourceNamesSubscribe(more)
            .addAllResourceNamesUnsubscribe(less);
    if (!subscribed.containsKey(kind)) {
      held(kind, more).forEach(
          (name, version) ->
              request.addInitialResourceVersions(Version.newBuilder().setKey(name).setValue(version)));
    }
    Set<String> now = subscribed.computeIfAbsent(kind, ignored -> new HashSet<>());
    now.addAll(more);
    now.removeAll(less);
    send(request);
  }

  private Map<String, String> held(Kind kind, Set<String> names) {
    Map<String, String> versions = intake.versions(kind);
    if (kind.wildcard()) {
      return versions;
    }
    Map<String, String> those = new java.util.HashMap<>(versions);
    those.keySet().retainAll(names);
    return those;
  }

  private void send(Ask.Builder request) {
    if (over || requests == null) {
      return;
    }
    if (!introduced) {
      introduced = true;
      request.setNode(node);
    }
    requests.onNext(request.build());
  }
}
