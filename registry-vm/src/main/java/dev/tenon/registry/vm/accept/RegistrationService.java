package dev.tenon.registry.vm.accept;

import dev.tenon.wire.registration.v1.Beat;
import dev.tenon.wire.registration.v1.Lease;
import dev.tenon.wire.registration.v1.RegistrationGrpc.RegistrationImplBase;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** The gRPC service by which workloads enter the mesh: each stream becomes a {@link Holder}. */
public final class RegistrationService extends RegistrationImplBase {
  private final Desk desk;
  private final Groups groups;

  public RegistrationService(Desk desk, Groups groups) {
    this.desk = desk;
    this.groups = groups;
  }

  @Override
  public StreamObserver<Beat> hold(StreamObserver<Lease> answers) {
    HoldStream stream = new HoldStream(desk, groups, (ServerCallStreamObserver<Lease>) answers);
    desk.open(stream);
    return stream;
  }
}
