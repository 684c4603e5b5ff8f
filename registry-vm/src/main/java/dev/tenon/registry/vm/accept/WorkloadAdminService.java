package dev.tenon.registry.vm.accept;

import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.TextParser;
import dev.tenon.spi.model.Workload;
import dev.tenon.wire.admin.v1.DeregisterWorkloadRequest;
import dev.tenon.wire.admin.v1.DeregisterWorkloadResponse;
import dev.tenon.wire.admin.v1.Finding;
import dev.tenon.wire.admin.v1.ListWorkloadsRequest;
import dev.tenon.wire.admin.v1.ListWorkloadsResponse;
import dev.tenon.wire.admin.v1.RegisterWorkloadRequest;
import dev.tenon.wire.admin.v1.RegisterWorkloadResponse;
import dev.tenon.wire.admin.v1.RegisteredPort;
import dev.tenon.wire.admin.v1.RegisteredWorkload;
import dev.tenon.wire.admin.v1.WorkloadAdminGrpc.WorkloadAdminImplBase;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Answers operators: workloads without an agent are registered here, and all are listed. */
public final class WorkloadAdminService extends WorkloadAdminImplBase {
  private static final int MOST_CHARACTERS = 1 << 20;

  private final Desk desk;
  private final Roster roster;
  private final Supplier<Optional<TextParser>> parser;

  /**
   * A service.
   *
   * @param parser who reads YAML now
   */
  public WorkloadAdminService(Desk desk, Roster roster, Supplier<Optional<TextParser>> parser) {
    this.desk = desk;
    this.roster = roster;
    this.parser = parser;
  }

  @Override
  public void register(RegisterWorkloadRequest request, StreamObserver<RegisterWorkloadResponse> answer) {
    Optional<TextParser> reader = parser.get();
    if (reader.isEmpty() || request.getYaml().length() > MOST_CHARACTERS) {
      answer.onError((reader.isEmpty()
          ? Status.UNAVAILABLE.withDescription("nobody reads YAML here yet; try again in a moment")
          : Status.INVALID_ARGUMENT.withDescription("a text of more than a mebibyte says too much of one workload")).asRuntimeException());
      return;
    }
    RegisterWorkloadResponse.Builder response = RegisterWorkloadResponse.newBuilder();
    Registrant registrant;
    try {
      registrant = WorkloadText.read(reader.get(), request.getOrigin().isEmpty() ? "the request" : request.getOrigin(), request.getYaml());
    } catch (BadConfig e) {
      e.findings().forEach(each -> response.addFindings(finding(each)));
      reply(answer, response.build());
      return;
    }
    String key = registrant.workload().key();
    boolean known = roster.present().stream().anyMatch(each -> each.registrant().workload().key().equals(key));
    response.setNamespace(registrant.workload().namespace()).setName(registrant.workload().name());
    desk.register(registrant, changed ->
            reply(answer, response.setChange(!changed ? "unchanged" : known ? "configured" : "created").build()))
        .ifPresent(ending -> refuse(answer, ending));
  }

  @Override
  public void deregister(DeregisterWorkloadRequest request, StreamObserver<DeregisterWorkloadResponse> answer) {
    desk.deregister(request.getNamespace() + "/" + request.getName(), () -> reply(answer, DeregisterWorkloadResponse.getDefaultInstance()))
        .ifPresent(ending -> refuse(answer, ending));
  }

  @Override
  public void list(ListWorkloadsRequest request, StreamObserver<ListWorkloadsResponse> answer) {
    ListWorkloadsResponse.Builder all = ListWorkloadsResponse.newBuilder();
    for (Presence each : roster.present()) {
      Workload workload = each.registrant().workload();
      if ((request.getNamespace().isEmpty() || request.getNamespace().equals(workload.namespace()))
          && (request.getName().isEmpty() || request.getName().equals(workload.name()))) {
        all.addWorkloads(message(each));
      }
    }
    reply(answer, all.build());
  }

  private static <T> void reply(StreamObserver<T> answer, T message) {
    answer.onNext(message);
    answer.onCompleted();
  }

  private static void refuse(StreamObserver<?> answer, Ending ending) {
    Status status = switch (ending.cause()) {
      case TAKEN -> Status.ALREADY_EXISTS;
      case FULL -> Status.RESOURCE_EXHAUSTED;
      case DRAINING -> Status.UNAVAILABLE;
      default -> Status.FAILED_PRECONDITION;
    };
    answer.onError(status.withDescription(ending.message()).asRuntimeException());
  }

  private static RegisteredWorkload message(Presence presence) {
    Registrant registrant = presence.registrant();
    Workload workload = registrant.workload();
    RegisteredWorkload.Builder message = RegisteredWorkload.newBuilder()
        .setNamespace(workload.namespace())
        .setName(workload.name())
        .setGroup(registrant.group())
        .setNetwork(workload.network())
        .setAddress(workload.address())
        .putAllLabels(workload.labels())
        .setServiceAccount(workload.serviceAccount())
        .setLocality(workload.locality().path())
        .putAllEntryPorts(workload.entryPorts())
        .setWeight(workload.weight())
        .setHeldBy(presence.standing() ? "operator" : "agent")
        .setHealth(workload.condition().health().name().toLowerCase(Locale.ROOT))
        .setReason(workload.condition().reason())
        .setSinceMillis(presence.since().toEpochMilli());
    for (int index = 0; index < workload.ports().size(); index++) {
      var port = workload.ports().get(index);
      message.addPorts(RegisteredPort.newBuilder()
          .setService(port.service().name())
          .setServiceNamespace(port.service().namespace())
          .setServicePort(port.servicePort())
          .setProtocol(port.protocol().name())
          .setListenPort(port.listenPort())
          .setApplication(port.application())
          .setWeight(registrant.weights().get(index)));
    }
    return message.build();
  }

  private static Finding finding(dev.tenon.spi.config.Finding finding) {
    return Finding.newBuilder()
        .setSeverity(finding.severity().name().toLowerCase(Locale.ROOT))
        .setCode(finding.code())
        .setOrigin(finding.at().origin())
        .setLine(finding.at().line())
        .setColumn(finding.at().column())
        .setField(finding.field())
        .setMessage(finding.message())
        .build();
  }
}
