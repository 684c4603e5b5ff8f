package dev.tenon.citadel.serve;

import dev.tenon.citadel.attest.Attestation;
import dev.tenon.citadel.attest.Host;
import dev.tenon.citadel.attest.Token;
import dev.tenon.citadel.attest.TokenBook;
import dev.tenon.wire.admin.v1.CreateJoinTokenRequest;
import dev.tenon.wire.admin.v1.CreateJoinTokenResponse;
import dev.tenon.wire.admin.v1.EvictHostRequest;
import dev.tenon.wire.admin.v1.EvictHostResponse;
import dev.tenon.wire.admin.v1.HostAdminGrpc.HostAdminImplBase;
import dev.tenon.wire.admin.v1.JoinToken;
import dev.tenon.wire.admin.v1.ListHostsRequest;
import dev.tenon.wire.admin.v1.ListHostsResponse;
import dev.tenon.wire.admin.v1.ListJoinTokensRequest;
import dev.tenon.wire.admin.v1.ListJoinTokensResponse;
import dev.tenon.wire.admin.v1.RevokeJoinTokenRequest;
import dev.tenon.wire.admin.v1.RevokeJoinTokenResponse;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Join tokens and hosts, for operators. */
public final class HostAdminService extends HostAdminImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(HostAdminService.class);
  private static final long MOST_SECONDS = 1L << 31;

  private final Attestation attestation;
  private final String authority;

  /**
   * Answers for one mesh.
   *
   * @param authority its fingerprint, which tokens carry
   */
  public HostAdminService(Attestation attestation, String authority) {
    this.attestation = attestation;
    this.authority = authority;
  }

  @Override
  public void createJoinToken(CreateJoinTokenRequest request, StreamObserver<CreateJoinTokenResponse> answer) {
    Replies.reply(answer, () -> {
      Duration lifetime = Duration.ofSeconds(Math.clamp(request.getLifetimeSeconds(), 0, MOST_SECONDS));
      String namespace = request.getNamespace().isEmpty() ? "default" : request.getNamespace();
      TokenBook.Made made =
          attestation.tokens().create(namespace, request.getGroup(), request.getServicesList(), lifetime, request.getUses());
      LOG.info("the join token {} for {}/{} was made", made.token().id(), namespace, request.getGroup());
      return CreateJoinTokenResponse.newBuilder()
          .setToken("tenon-join." + made.token().id() + "." + made.secret() + "." + authority)
          .setInfo(info(made.token()))
          .build();
    });
  }

  @Override
  public void listJoinTokens(ListJoinTokensRequest request, StreamObserver<ListJoinTokensResponse> answer) {
    Replies.reply(answer, () -> {
      ListJoinTokensResponse.Builder list = ListJoinTokensResponse.newBuilder();
      attestation.tokens().list().forEach(each -> list.addTokens(info(each)));
      return list.build();
    });
  }

  @Override
  public void revokeJoinToken(RevokeJoinTokenRequest request, StreamObserver<RevokeJoinTokenResponse> answer) {
    Replies.reply(answer, () -> {
      attestation.tokens().revoke(request.getId());
      LOG.info("the join token {} was revoked", request.getId());
      return RevokeJoinTokenResponse.getDefaultInstance();
    });
  }

  @Override
  public void listHosts(ListHostsRequest request, StreamObserver<ListHostsResponse> answer) {
    Replies.reply(answer, () -> {
      ListHostsResponse.Builder list = ListHostsResponse.newBuilder();
      attestation.hosts().forEach(each -> list.addHosts(info(each)));
      return list.build();
    });
  }

  @Override
  public void evictHost(EvictHostRequest request, StreamObserver<EvictHostResponse> answer) {
    Replies.reply(answer, () -> {
      attestation.evict(request.getNamespace(), request.getName());
      LOG.info("{}/{} was turned out", request.getNamespace(), request.getName());
      return EvictHostResponse.getDefaultInstance();
    });
  }

  private static JoinToken info(Token token) {
    return JoinToken.newBuilder()
        .setId(token.id())
        .setNamespace(token.namespace())
        .setGroup(token.group())
        .addAllServices(token.services())
        .setCreatedMillis(token.createdMillis())
        .setExpiresMillis(token.expiresMillis())
        .setUses(token.uses())
        .setUsed(token.used())
        .build();
  }

  private static dev.tenon.wire.admin.v1.Host info(Host host) {
    return dev.tenon.wire.admin.v1.Host.newBuilder()
        .setNamespace(host.namespace())
        .setName(host.name())
        .setGroup(host.group())
        .addAllServices(host.services())
        .setState(host.state().name().toLowerCase(Locale.ROOT))
        .setAddress(host.address())
        .setJoinedMillis(host.joinedMillis())
        .setRenewedMillis(host.renewedMillis())
        .setExpiresMillis(host.expiresMillis())
        .setTokenId(host.tokenId())
        .build();
  }
}
