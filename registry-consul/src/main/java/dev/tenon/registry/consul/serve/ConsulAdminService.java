package dev.tenon.registry.consul.serve;

import dev.tenon.registry.consul.ask.Answer;
import dev.tenon.registry.consul.ask.Consul;
import dev.tenon.registry.consul.ask.Query;
import dev.tenon.registry.consul.read.Answers;
import dev.tenon.registry.consul.read.Intention;
import dev.tenon.registry.consul.read.Several;
import dev.tenon.wire.admin.v1.ConsulAdminGrpc.ConsulAdminImplBase;
import dev.tenon.wire.admin.v1.IntentionPermission;
import dev.tenon.wire.admin.v1.ListIntentionsRequest;
import dev.tenon.wire.admin.v1.ListIntentionsResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Comparator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks Consul anew for each question; takes at most as long as Consul may take for one answer. */
public final class ConsulAdminService extends ConsulAdminImplBase {
  private static final Logger log = LoggerFactory.getLogger(ConsulAdminService.class);
  private static final Comparator<Intention> ORDER = Comparator.comparingInt(Intention::precedence).reversed()
      .thenComparing(Intention::destination).thenComparing(Intention::source);

  private final Consul consul;

  public ConsulAdminService(Consul consul) {
    this.consul = consul;
  }

  @Override
  public void listIntentions(ListIntentionsRequest request, StreamObserver<ListIntentionsResponse> caller) {
    ListIntentionsResponse.Builder response = ListIntentionsResponse.newBuilder();
    try {
      Answer answer = consul.get("/v1/connect/intentions", Query.now("", false));
      Several<Intention> intentions = Answers.intentions(answer.body());
      intentions.refused().forEach(each -> log.warn("{}", each));
      intentions.items().stream().sorted(ORDER).forEach(each -> response.addIntentions(message(each)));
      response.setFiltered(answer.filtered());
    } catch (IOException e) {
      caller.onError(Status.UNAVAILABLE.withDescription("Consul's intentions cannot be read: " + e.getMessage()).asRuntimeException());
      return;
    }
    caller.onNext(response.build());
    caller.onCompleted();
  }

  private static dev.tenon.wire.admin.v1.Intention message(Intention intention) {
    return dev.tenon.wire.admin.v1.Intention.newBuilder().setSource(intention.source()).setDestination(intention.destination())
        .setAction(intention.action()).setPrecedence(intention.precedence()).setDescription(intention.description())
        .addAllPermissions(intention.permissions().stream()
            .map(each -> IntentionPermission.newBuilder().setAction(each.action()).setHttp(each.http()).build()).toList())
        .build();
  }
}
