package dev.tenon.pilot.serve;

import dev.tenon.pilot.gather.Gatherer;
import dev.tenon.pilot.gather.RegistryView;
import dev.tenon.pilot.join.Mesh;
import dev.tenon.wire.admin.v1.MeshAdminGrpc.MeshAdminImplBase;
import dev.tenon.wire.admin.v1.MeshMetricsRequest;
import dev.tenon.wire.admin.v1.MeshMetricsResponse;
import dev.tenon.wire.admin.v1.ProxyStatus;
import dev.tenon.wire.admin.v1.RegistryStatus;
import dev.tenon.wire.admin.v1.ServicesRequest;
import dev.tenon.wire.admin.v1.ServicesResponse;
import dev.tenon.wire.admin.v1.StatusRequest;
import dev.tenon.wire.admin.v1.StatusResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Tells operators how proxies, registries and services stand. */
public final class StatusService extends MeshAdminImplBase {
  private final Hub hub;
  private final Gatherer gatherer;

  /** A service that asks these two. */
  public StatusService(Hub hub, Gatherer gatherer) {
    this.hub = hub;
    this.gatherer = gatherer;
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> responses) {
    // First the registries: what they show here, the clients' standing below takes in.
    List<RegistryStatus> registries = gatherer.registries().stream().map(StatusService::registry).toList();
    answer(responses, hub.status().thenCombine(hub.mesh(), this::standing).thenApply(response -> response.addAllRegistries(registries).build()));
  }

  @Override
  public void services(ServicesRequest request, StreamObserver<ServicesResponse> responses) {
    answer(responses, hub.mesh().thenApply(mesh -> mesh.map(each -> ServiceAnswer.of(each, request.getNamespace(), hub.panic()))
        .orElse(ServicesResponse.getDefaultInstance())));
  }

  @Override
  public void metrics(MeshMetricsRequest request, StreamObserver<MeshMetricsResponse> responses) {
    answer(responses, hub.mesh().thenCombine(hub.joins(), (mesh, joins) -> MeshMetricsResponse.newBuilder()
        .setText(MeshFigures.text(gatherer.registries(), mesh, joins, Instant.now())).build()));
  }

  private static <T> void answer(StreamObserver<T> responses, CompletionStage<T> answer) {
    answer.whenComplete((value, failure) -> {
      if (failure != null) {
        responses.onError(Status.fromThrowable(failure).asRuntimeException());
      } else {
        responses.onNext(value);
        responses.onCompleted();
      }
    });
  }

  private StatusResponse.Builder standing(List<ProxyStatus> proxies, Optional<Mesh> mesh) {
    StatusResponse.Builder response = StatusResponse.newBuilder().addAllProxies(proxies).setPanicThreshold(hub.panic().threshold());
    mesh.ifPresent(now -> response.addAllAiling(Ailing.workloads(now)).addAllPanicking(Ailing.panicking(now, hub.panic())));
    return response;
  }

  private static RegistryStatus registry(RegistryView view) {
    RegistryStatus.Builder status = RegistryStatus.newBuilder()
        .setName(view.name())
        .setState(view.state().kind().name().toLowerCase(Locale.ROOT))
        .setSinceMillis(view.state().since().toEpochMilli())
        .setReason(view.state().reason())
        .setServices(view.services())
        .setWorkloads(view.workloads())
        .setLosses(view.losses());
    view.dampedUntil().ifPresent(until -> status.setState("damped").setReason(
        "it flaps: lost " + view.losses() + " times; what it says is held back until it has been steady, at " + until
            + " at the earliest" + (view.state().reason().isEmpty() ? "" : ". " + view.state().reason())));
    return status.build();
  }
}
