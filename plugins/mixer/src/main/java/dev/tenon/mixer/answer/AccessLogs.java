package dev.tenon.mixer.answer;

import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.PolicyEngine.Policy;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.service.accesslog.v3.AccessLogServiceGrpc.AccessLogServiceImplBase;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.service.accesslog.v3.AccessLogService}: requests that are over, for rules that report. What is more than the
 * engine can work off is dropped there and counted. Entries of TCP connections are passed over.
 */
final class AccessLogs extends AccessLogServiceImplBase implements AutoCloseable {
  private static final int MOST_STREAMS = 10_000;

  private final Function<String, @Nullable Policy> policies;
  private final Neighbours neighbours;
  private final Set<Log> logs = ConcurrentHashMap.newKeySet();

  AccessLogs(Function<String, @Nullable Policy> policies, Neighbours neighbours) {
    this.policies = policies;
    this.neighbours = neighbours;
  }

  @Override
  public StreamObserver<StreamAccessLogsMessage> streamAccessLogs(StreamObserver<StreamAccessLogsResponse> responses) {
    Log log = new Log(Called.present(), responses);
    logs.add(log);
    if (logs.size() > MOST_STREAMS) {
      log.end(Status.RESOURCE_EXHAUSTED.withDescription("there are " + MOST_STREAMS + " streams already"));
    }
    return log;
  }

  /** Ends all streams, so that Envoys tell the generation that has taken over. */
  @Override
  public void close() {
    logs.forEach(each -> each.end(Status.UNAVAILABLE.withDescription("this generation of the policy service has ended; tell the next")));
  }

  /** One Envoy's stream. */
  private final class Log implements StreamObserver<StreamAccessLogsMessage> {
    private final Called called;
    private final StreamObserver<StreamAccessLogsResponse> responses;
    private boolean over;

    Log(Called called, StreamObserver<StreamAccessLogsResponse> responses) {
      this.called = called;
      this.responses = responses;
    }

    @Override
    public void onNext(StreamAccessLogsMessage message) {
      message.getHttpLogs().getLogEntryList().forEach(entry -> tell(called, entry));
    }

    @Override
    public synchronized void onError(Throwable cause) {
      over = true;
      logs.remove(this);
    }

    @Override
    public synchronized void onCompleted() {
      logs.remove(this);
      if (!over) {
        over = true;
        responses.onNext(StreamAccessLogsResponse.getDefaultInstance());
        responses.onCompleted();
      }
    }

    synchronized void end(Status status) {
      logs.remove(this);
      if (!over) {
        over = true;
        responses.onError(status.asRuntimeException());
      }
    }
  }

  private void tell(Called called, HTTPAccessLogEntry entry) {
    List<String> namespaces = called.namespaces();
    Set<String> names = new HashSet<>();
    for (String namespace : namespaces) {
      Policy policy = policies.apply(namespace);
      if (policy != null) {
        names.addAll(policy.reported());
      }
    }
    if (names.isEmpty()) {
      return;
    }
    Attributes request = Judging.generated(Entries.seen(called, entry, neighbours), namespaces, policies);
    Attributes finished = Seen.only(request, names);
    for (String namespace : namespaces) {
      Policy policy = policies.apply(namespace);
      if (policy != null) {
        policy.report(finished);
      }
    }
  }
}
