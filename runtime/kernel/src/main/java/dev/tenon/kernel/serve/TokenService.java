package dev.tenon.kernel.serve;

import dev.tenon.kernel.admit.Caller;
import dev.tenon.kernel.admit.Role;
import dev.tenon.kernel.admit.Token;
import dev.tenon.kernel.admit.Tokens;
import dev.tenon.kernel.load.Refused;
import dev.tenon.wire.admin.v1.CreateTokenRequest;
import dev.tenon.wire.admin.v1.CreateTokenResponse;
import dev.tenon.wire.admin.v1.ListTokensRequest;
import dev.tenon.wire.admin.v1.ListTokensResponse;
import dev.tenon.wire.admin.v1.RevokeTokenRequest;
import dev.tenon.wire.admin.v1.RevokeTokenResponse;
import dev.tenon.wire.admin.v1.TokenAdminGrpc;
import dev.tenon.wire.admin.v1.TokenInfo;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes, lists and revokes tokens, for the local operator alone. Loads its gRPC half when it is first bound. */
public final class TokenService implements BindableService {
  private static final Logger log = LoggerFactory.getLogger(TokenService.class);
  private final Tokens tokens;

  /** Answers for one process's tokens. */
  public TokenService(Tokens tokens) {
    this.tokens = tokens;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return new Grpc().bindService();
  }

  private static Role role(String name) throws Refused {
    try {
      return Role.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new Refused("\"" + name + "\" is no role; there are operator and viewer", e);
    }
  }

  private static TokenInfo info(Token token) {
    return TokenInfo.newBuilder()
        .setId(token.id())
        .setRole(token.role().name().toLowerCase(Locale.ROOT))
        .setLabel(token.label())
        .setCreatedMillis(token.createdMillis())
        .setExpiresMillis(token.expiresMillis())
        .build();
  }

  private static void local() throws Refused {
    Caller caller = Callers.CALLER.get();
    if (caller.remote()) {
      throw new Refused("tokens are made and revoked on the machine of the process alone");
    }
  }

  /** The generated half. */
  private final class Grpc extends TokenAdminGrpc.TokenAdminImplBase {
    @Override
    public void create(CreateTokenRequest request, StreamObserver<CreateTokenResponse> answer) {
      Replies.reply(answer, () -> {
        local();
        Duration lifetime = Duration.ofSeconds(Math.min(Math.max(request.getLifetimeSeconds(), 0), Integer.MAX_VALUE));
        Tokens.Made made = tokens.create(role(request.getRole()), request.getLabel(), lifetime);
        log.info("the token {} for a {} was made", made.token().id(), request.getRole());
        return CreateTokenResponse.newBuilder().setToken(made.secret()).setInfo(info(made.token())).build();
      });
    }

    @Override
    public void list(ListTokensRequest request, StreamObserver<ListTokensResponse> answer) {
      Replies.reply(answer, () -> {
        local();
        ListTokensResponse.Builder list = ListTokensResponse.newBuilder();
        tokens.list().forEach(each -> list.addTokens(info(each)));
        return list.build();
      });
    }

    @Override
    public void revoke(RevokeTokenRequest request, StreamObserver<RevokeTokenResponse> answer) {
      Replies.reply(answer, () -> {
        local();
        revoke(request.getId());
        return RevokeTokenResponse.getDefaultInstance();
      });
    }

    private void revoke(String id) throws IOException, Refused {
      tokens.revoke(id);
      log.info("the token {} was revoked", id);
    }
  }
}
