package dev.tenon.pilot.serve;

import dev.tenon.pilot.gather.Gatherer;
import dev.tenon.pilot.gather.RegistryView;
import dev.tenon.wire.admin.v1.MeshAdminGrpc.MeshAdminImplBase;
import dev.tenon.wire.admin.v1.RegistryStatus;
import dev.tenon.wire.admin.v1.StatusRequest;
import dev.tenon.wire.admin.v1.StatusResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Locale;

/** Tells operators how proxies and registries stand. */
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
    hub.status()
        .whenComplete(
            (proxies, failure) -> {
              if (failure != null) {
                responses.onError(Status.fromThrowable(failure).asRuntimeException());
                return;
              }
              StatusResponse.Builder response = StatusResponse.newBuilder().addAllProxies(proxies);
              gatherer.registries().forEach(view -> response.addRegistries(registry(view)));
              responses.onNext(response.build());
              responses.onCompleted();
            });
  }

  private static RegistryStatus registry(RegistryView view) {
    return RegistryStatus.newBuilder()
        .setName(view.name())
        .setState(view.state().kind().name().toLowerCase(Locale.ROOT))
        .setSinceMillis(view.state().since().toEpochMilli())
        .setReason(view.state().reason())
        .setServices(view.services())
        .setWorkloads(view.workloads())
        .build();
  }
}
