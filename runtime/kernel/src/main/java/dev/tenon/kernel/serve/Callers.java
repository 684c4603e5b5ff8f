package dev.tenon.kernel.serve;

import dev.tenon.kernel.admit.Caller;
import dev.tenon.kernel.admit.Role;
import dev.tenon.kernel.admit.Token;
import dev.tenon.kernel.admit.Tokens;
import dev.tenon.spi.trust.Failures;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets remote calls in that bear a token, and viewers to what only looks. Whoever comes with bad tokens again and again has to wait. */
final class Callers implements ServerInterceptor {
  /** Bad tokens of one address in a minute. Of all addresses together there may be any number: else whoever has many keeps operators out. */
  static final int MOST_FAILURES = 10;

  /** Who makes a call; without this interceptor it came over the administration socket. */
  static final Context.Key<Caller> CALLER = Context.keyWithDefault("caller", Caller.LOCAL);

  private static final Logger log = LoggerFactory.getLogger(Callers.class);
  private static final Logger audit = LoggerFactory.getLogger("dev.tenon.audit.callers");
  private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String BEARER = "Bearer ";

  /** What changes nothing. All that is not named here wants an operator. */
  private static final Set<String> LOOKS = Set.of(
      "dev.tenon.admin.v1.ModuleAdmin/List",
      "dev.tenon.admin.v1.ModuleAdmin/Show",
      "dev.tenon.admin.v1.ModuleAdmin/Plan",
      "dev.tenon.admin.v1.ModuleAdmin/History",
      "dev.tenon.admin.v1.ModuleAdmin/Metrics",
      "dev.tenon.admin.v1.ModuleAdmin/Leaks",
      "dev.tenon.admin.v1.ModuleAdmin/Verify",
      "dev.tenon.admin.v1.HostAdmin/ListJoinTokens",
      "dev.tenon.admin.v1.HostAdmin/ListHosts",
      "dev.tenon.admin.v1.ConsulAdmin/ListIntentions",
      "dev.tenon.admin.v1.WorkloadAdmin/List",
      "dev.tenon.admin.v1.ConfigAdmin/Get",
      "dev.tenon.admin.v1.ConfigAdmin/Sources",
      "dev.tenon.admin.v1.MeshAdmin/Status",
      "dev.tenon.admin.v1.MeshAdmin/Services",
      "dev.tenon.admin.v1.MeshAdmin/Metrics",
      "dev.tenon.admin.v1.PolicyAdmin/Describe",
      "dev.tenon.admin.v1.PolicyAdmin/Top");

  private final Tokens tokens;
  private final Failures failures = new Failures(MOST_FAILURES, Integer.MAX_VALUE, System::nanoTime);

  Callers(Tokens tokens) {
    this.tokens = tokens;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    String address = Hosts.address(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
    Optional<String> wait = failures.waits(address);
    if (wait.isPresent()) {
      return refuse(call, Status.RESOURCE_EXHAUSTED.withDescription(wait.get()));
    }
    String authorization = headers.get(AUTHORIZATION);
    Optional<Token> token = authorization == null || !authorization.startsWith(BEARER)
        ? Optional.empty() : tokens.check(authorization.substring(BEARER.length()).strip());
    if (token.isEmpty()) {
      log.warn("{} asked for {} without a valid token", address, method);
      if (failures.failed(address)) {
        audit.warn("waits address=\"{}\" failures={}", address, MOST_FAILURES);
      }
      return refuse(call, Status.UNAUTHENTICATED.withDescription("no valid token; 'tenon token create' makes one on the machine of the process"));
    }
    Caller caller = caller(token.get());
    if (caller.role() != Role.OPERATOR && !LOOKS.contains(method)) {
      log.warn("{} asked for {}, which wants an operator's token", caller.name(), method);
      return refuse(call, Status.PERMISSION_DENIED.withDescription("a viewer's token may look, not change; this wants an operator's"));
    }
    return Contexts.interceptCall(Context.current().withValue(CALLER, caller), call, headers, next);
  }

  private static Caller caller(Token token) {
    return new Caller("token " + token.id() + (token.label().isEmpty() ? "" : " (" + token.label() + ")"), token.role(), true);
  }

  private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status status) {
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
