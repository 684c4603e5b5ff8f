package dev.tenon.mixer.answer;

import com.google.protobuf.ByteString;
import dev.tenon.mixer.answer.Judging.NoAnswer;
import dev.tenon.mixer.answer.Judging.Sentence;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.policy.Verdict;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.DescriptorStatus;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitServiceGrpc.RateLimitServiceImplBase;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.service.ratelimit.v3.RateLimitService}, for policy that does nothing but limit: whether anything is left.
 * Descriptors carry what rules read of a request, all entries of a call together: {@code header.NAME} is a header, pseudo headers
 * too, {@code remote_address} the caller's address, {@code destination_cluster} and others are passed over. A denial that is no
 * exhausted limit is an error of the call: Envoy answers that with 503 or passes, as pilot told it to.
 */
final class RateLimiting extends RateLimitServiceImplBase {
  /** What begins the key of an entry that is a header. */
  static final String HEADER = "header.";

  private static final int MOST_DESCRIPTORS = 64;

  private final Judging judging;
  private final Neighbours neighbours;

  RateLimiting(Judging judging, Neighbours neighbours) {
    this.judging = judging;
    this.neighbours = neighbours;
  }

  @Override
  public void shouldRateLimit(RateLimitRequest request, StreamObserver<RateLimitResponse> responses) {
    if (request.getHitsAddend() > 1 || request.getDescriptorsCount() > MOST_DESCRIPTORS) {
      responses.onError(
          Status.INVALID_ARGUMENT
              .withDescription("hits_addend above 1, or more than " + MOST_DESCRIPTORS + " descriptors; how much is charged is a QuotaSpec's to say")
              .asRuntimeException());
      return;
    }
    try {
      judging.judge(seen(request), sentence -> answer(request.getDescriptorsCount(), sentence, responses));
    } catch (NoAnswer e) {
      responses.onError(Status.UNAVAILABLE.withDescription(e.getMessage()).asRuntimeException());
    }
  }

  private Seen seen(RateLimitRequest request) {
    Map<String, String> headers = new HashMap<>();
    InetAddress source = null;
    for (RateLimitDescriptor descriptor : request.getDescriptorsList()) {
      for (RateLimitDescriptor.Entry entry : descriptor.getEntriesList()) {
        if (entry.getKey().startsWith(HEADER)) {
          headers.put(entry.getKey().substring(HEADER.length()), entry.getValue());
        } else if (entry.getKey().equals("remote_address")) {
          source = Names.ipAddress(entry.getValue()).orElse(null);
        }
      }
    }
    Instant now = Instant.now();
    Map<String, Object> values = Map.of("request.time", now, "context.time", now, "context.timestamp", now);
    return new Seen(Called.present(), headers, source, values, neighbours);
  }

  private static void answer(int descriptors, Sentence sentence, StreamObserver<RateLimitResponse> responses) {
    Verdict.@Nullable Deny denial = sentence.denial();
    if (denial != null && denial.code() != Verdict.Code.RESOURCE_EXHAUSTED) {
      responses.onError(Status.fromCodeValue(denial.code().number()).withDescription(sentence.body()).asRuntimeException());
      return;
    }
    Code code = denial == null ? Code.OK : Code.OVER_LIMIT;
    RateLimitResponse.Builder response = RateLimitResponse.newBuilder().setOverallCode(code);
    DescriptorStatus status = DescriptorStatus.newBuilder().setCode(code).build();
    for (int i = 0; i < descriptors; i++) {
      response.addStatuses(status);
    }
    HeadChanges.whole(sentence.response()).forEach((name, value) -> response.addResponseHeadersToAdd(header(name, value)));
    if (denial == null) {
      HeadChanges.whole(List.copyOf(sentence.request())).forEach((name, value) -> response.addRequestHeadersToAdd(header(name, value)));
    } else {
      response.setRawBody(ByteString.copyFromUtf8(sentence.body())).setDynamicMetadata(Authorization.told(denial));
    }
    responses.onNext(response.build());
    responses.onCompleted();
  }

  private static HeaderValue header(String name, String value) {
    return HeaderValue.newBuilder().setKey(name).setValue(value).build();
  }
}
