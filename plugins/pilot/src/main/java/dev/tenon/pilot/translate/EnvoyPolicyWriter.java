package dev.tenon.pilot.translate;

import com.google.protobuf.BoolValue;
import dev.tenon.pilot.scope.EnvoyPolicy;
import dev.tenon.pilot.scope.EnvoyPolicy.Question;
import dev.tenon.pilot.scope.InboundPlan;
import dev.tenon.pilot.scope.InboundPlan.Guard;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.ratelimit.v3.RateLimitServiceConfig;
import io.envoyproxy.envoy.config.route.v3.RateLimit.Action;
import io.envoyproxy.envoy.config.route.v3.RateLimit.Action.GenericKey;
import io.envoyproxy.envoy.config.route.v3.RateLimit.Action.RequestHeaders;
import io.envoyproxy.envoy.config.route.v3.RateLimit;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.CommonGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Writes how a real Envoy has the policy service judge, in Envoy's own terms: one question for a request at most. Who is called
 * travels as metadata of each call, the same for all three services, which HTTP/2 sends once for a connection.
 */
final class EnvoyPolicyWriter {
  private static final String AUTHORIZATION = "envoy.filters.http.ext_authz";
  private static final String LIMITING = "envoy.filters.http.ratelimit";
  private static final String DOMAIN = "tenon";
  private static final List<String> PSEUDO = List.of(":authority", ":method", ":path");

  private EnvoyPolicyWriter() {}

  /** The filter that asks; none where there is nothing to ask before the answer. */
  static Optional<HttpFilter> filter(InboundPlan plan, Duration deadline) {
    return switch (question(plan)) {
      case NONE -> Optional.empty();
      case ALLOWED -> Optional.of(ManagerWriter.filter(AUTHORIZATION, authorization(asked(plan), deadline)));
      case LIMITED -> Optional.of(ManagerWriter.filter(LIMITING, limiting(asked(plan), deadline)));
    };
  }

  private static ExtAuthz authorization(Guard.Asked asked, Duration deadline) {
    return ExtAuthz.newBuilder()
        .setGrpcService(service(asked).setTimeout(Addresses.duration(deadline)))
        .setTransportApiVersion(ApiVersion.V3)
        .setFailureModeAllow(asked.policy().failOpen())
        .setStatusOnError(unavailable())
        // What a service answers while it is asked is no fault of the cluster that it is.
        .setChargeClusterResponseStats(BoolValue.of(false))
        .build();
  }

  private static io.envoyproxy.envoy.extensions.filters.http.ratelimit.v3.RateLimit limiting(
      Guard.Asked asked, Duration deadline) {
    return io.envoyproxy.envoy.extensions.filters.http.ratelimit.v3.RateLimit.newBuilder()
        .setDomain(DOMAIN)
        .setTimeout(Addresses.duration(deadline))
        .setFailureModeDeny(!asked.policy().failOpen())
        .setStatusOnError(unavailable())
        .setDisableXEnvoyRatelimitedHeader(true)
        .setRateLimitService(RateLimitServiceConfig.newBuilder().setGrpcService(service(asked)).setTransportApiVersion(ApiVersion.V3))
        .build();
  }

  private static HttpStatus unavailable() {
    return HttpStatus.newBuilder().setCode(StatusCode.ServiceUnavailable).build();
  }

  /** What the limit service is told of a request: the headers that rules read; others are not sent. */
  static Optional<RateLimit> descriptors(InboundPlan plan) {
    if (question(plan) != Question.LIMITED) {
      return Optional.empty();
    }
    RateLimit.Builder descriptor = RateLimit.newBuilder();
    // Without an entry of its own a request without any of the headers would not be asked about.
    descriptor.addActions(Action.newBuilder().setGenericKey(GenericKey.newBuilder().setDescriptorKey("policy").setDescriptorValue(DOMAIN)));
    TreeSet<String> names = new TreeSet<>(PSEUDO);
    names.addAll(asked(plan).policy().headers());
    for (String name : names) {
      descriptor.addActions(
          Action.newBuilder()
              .setRequestHeaders(
                  RequestHeaders.newBuilder().setHeaderName(name).setDescriptorKey("header." + name).setSkipIfAbsent(true)));
    }
    return Optional.of(descriptor.build());
  }

  /** The log by which requests that are over are told. */
  static Optional<AccessLog> log(InboundPlan plan) {
    if (!(plan.guard() instanceof Guard.Asked asked) || !asked.policy().reports()) {
      return Optional.empty();
    }
    HttpGrpcAccessLogConfig log =
        HttpGrpcAccessLogConfig.newBuilder()
            .setCommonConfig(
                CommonGrpcAccessLogConfig.newBuilder()
                    .setLogName(DOMAIN)
                    .setGrpcService(service(asked))
                    .setTransportApiVersion(ApiVersion.V3))
            .addAllAdditionalRequestHeadersToLog(new TreeSet<>(asked.policy().headers()))
            .addAllAdditionalResponseHeadersToLog(new TreeSet<>(asked.policy().answerHeaders()))
            .addAllAdditionalResponseTrailersToLog(List.of("grpc-message", "grpc-status"))
            .build();
    return Optional.of(AccessLog.newBuilder().setName("envoy.access_loggers.http_grpc").setTypedConfig(Packing.any(log)).build());
  }

  private static GrpcService.Builder service(Guard.Asked asked) {
    EnvoyPolicy policy = asked.policy();
    return GrpcService.newBuilder()
        .setEnvoyGrpc(GrpcService.EnvoyGrpc.newBuilder().setClusterName(policy.cluster()))
        .addInitialMetadata(HeaderValue.newBuilder().setKey("tenon-called").setValue(asked.called()));
  }

  private static Question question(InboundPlan plan) {
    return plan.guard() instanceof Guard.Asked asked ? asked.policy().question() : Question.NONE;
  }

  private static Guard.Asked asked(InboundPlan plan) {
    return (Guard.Asked) plan.guard();
  }
}
