package dev.tenon.mixer.answer;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.Status;
import dev.tenon.mixer.answer.Judging.NoAnswer;
import dev.tenon.mixer.answer.Judging.Sentence;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.policy.Verdict;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc.AuthorizationImplBase;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.service.auth.v3.Authorization}: whether a request may go on. It sees the whole head, so all rules are
 * judged here, quotas included, which are asked when all checks let the request go on. What cannot be judged is an error of the call: Envoy's {@code
 * failure_mode_allow} decides.
 */
final class Authorization extends AuthorizationImplBase {
  private final Judging judging;
  private final Neighbours neighbours;

  Authorization(Judging judging, Neighbours neighbours) {
    this.judging = judging;
    this.neighbours = neighbours;
  }

  @Override
  public void check(CheckRequest request, StreamObserver<CheckResponse> responses) {
    Seen seen = seen(request.getAttributes());
    try {
      judging.judge(
          seen,
          sentence -> {
            responses.onNext(sentence.denial() == null ? allowed(seen, sentence) : denied(sentence, sentence.denial()));
            responses.onCompleted();
          });
    } catch (NoAnswer e) {
      responses.onError(io.grpc.Status.UNAVAILABLE.withDescription(e.getMessage()).asRuntimeException());
    }
  }

  private Seen seen(AttributeContext context) {
    AttributeContext.HttpRequest http = context.getRequest().getHttp();
    Map<String, String> headers = new HashMap<>(http.getHeadersMap());
    headers.putIfAbsent(":method", http.getMethod());
    headers.putIfAbsent(":path", http.getPath());
    headers.putIfAbsent(":authority", http.getHost());
    headers.putIfAbsent(":scheme", http.getScheme());
    Map<String, Object> values = new HashMap<>();
    Instant time = Instant.ofEpochSecond(context.getRequest().getTime().getSeconds(), context.getRequest().getTime().getNanos());
    values.put("request.time", time);
    values.put("context.time", time);
    values.put("context.timestamp", time);
    values.put("request.size", Math.max(0, http.getSize()));
    address(context.getDestination().getAddress()).ifPresent(address -> values.put("destination.ip", address));
    values.put("destination.port", (long) context.getDestination().getAddress().getSocketAddress().getPortValue());
    values.put("source.port", (long) context.getSource().getAddress().getSocketAddress().getPortValue());
    InetAddress source = address(context.getSource().getAddress()).orElse(null);
    return new Seen(Called.present().with(context.getContextExtensionsMap()), headers, source, values, neighbours);
  }

  /** The IP address of a socket's, if it is one. */
  static Optional<InetAddress> address(Address address) {
    return Names.ipAddress(address.getSocketAddress().getAddress());
  }

  private static CheckResponse allowed(Seen seen, Sentence sentence) {
    OkHttpResponse.Builder ok = OkHttpResponse.newBuilder();
    HeadChanges.request(
        seen.headers(), seen.after(sentence.request()), sentence.request(),
        (name, value) -> ok.addHeaders(option(name, value, HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)),
        ok::addHeadersToRemove);
    HeadChanges.response(
        sentence.response(),
        (name, value) -> ok.addResponseHeadersToAdd(option(name, value, HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)),
        (name, value) -> ok.addResponseHeadersToAdd(option(name, value, HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD)));
    return CheckResponse.newBuilder().setStatus(Status.getDefaultInstance()).setOkResponse(ok).build();
  }

  private static CheckResponse denied(Sentence sentence, Verdict.Deny denial) {
    DeniedHttpResponse.Builder denied =
        DeniedHttpResponse.newBuilder()
            .setStatus(HttpStatus.newBuilder().setCodeValue(denial.code().httpStatus()))
            .setBody(sentence.body());
    HeadChanges.whole(sentence.response())
        .forEach((name, value) -> denied.addHeaders(option(name, value, HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)));
    return CheckResponse.newBuilder()
        .setStatus(Status.newBuilder().setCode(denial.code().number()).setMessage(denial.message()))
        .setDeniedResponse(denied)
        .setDynamicMetadata(told(denial))
        .build();
  }

  /** What the access log tells of a denial later. */
  static Struct told(Verdict.@Nullable Deny denial) {
    return denial == null
        ? Struct.getDefaultInstance()
        : Struct.newBuilder()
            .putFields("code", Value.newBuilder().setNumberValue(denial.code().number()).build())
            .putFields("message", Value.newBuilder().setStringValue(denial.message()).build())
            .build();
  }

  private static HeaderValueOption option(String name, String value, HeaderAppendAction action) {
    return HeaderValueOption.newBuilder().setHeader(HeaderValue.newBuilder().setKey(name).setValue(value)).setAppendAction(action).build();
  }
}
