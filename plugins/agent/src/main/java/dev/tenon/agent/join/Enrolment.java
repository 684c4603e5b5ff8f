package dev.tenon.agent.join;

import com.google.protobuf.ByteString;
import dev.tenon.agent.read.ControlPlane;
import dev.tenon.spi.model.WorkloadPort;
import dev.tenon.spi.trust.HostCredential;
import dev.tenon.spi.trust.JoinToken;
import dev.tenon.spi.trust.Possession;
import dev.tenon.spi.workload.Entrant;
import dev.tenon.wire.enrolment.v1.CredentialResponse;
import dev.tenon.wire.enrolment.v1.EnrolmentGrpc.EnrolmentBlockingStub;
import dev.tenon.wire.enrolment.v1.EnrolmentGrpc;
import dev.tenon.wire.enrolment.v1.JoinRequest;
import dev.tenon.wire.enrolment.v1.Proof;
import dev.tenon.wire.enrolment.v1.RenewRequest;
import dev.tenon.wire.enrolment.v1.Service;
import dev.tenon.wire.peer.PinnedAuthority;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Gets the host's credential, and keeps it fresh. Calls block, for at most ten seconds; never on an event loop. */
public final class Enrolment {
  private static final int CALL_SECONDS = 10;
  private static final int CONNECT_MILLIS = 3_000;

  private final ControlPlane controlPlane;
  private final Entrant entrant;
  private final CredentialFiles files;
  private final EventLoopGroup loops;
  private final Class<? extends Channel> channelType;

  /** For one workload at one control plane; loops are lent. */
  Enrolment(ControlPlane controlPlane, Entrant entrant, CredentialFiles files, EventLoopGroup loops, Class<? extends Channel> channelType) {
    this.controlPlane = controlPlane;
    this.entrant = entrant;
    this.files = files;
    this.loops = loops;
    this.channelType = channelType;
  }

  /**
   * Joins by the token that lies there, unless the host has a credential already.
   *
   * @throws IOException with what the control plane says, or what keeps this host from asking it
   */
  void join() throws IOException {
    if (files.certificate().isPresent()) {
      return;
    }
    JoinToken token = files.token().orElseThrow(() -> new IOException(
        "mesh.credential: " + files.credential().directory() + " holds neither a credential nor a token; 'tenon vm join' puts them there"));
    PinnedAuthority judge = new PinnedAuthority(token.authority(), HostCredential.SERVER_NAME);
    JoinRequest.Builder request = JoinRequest.newBuilder()
        .setTokenId(token.id())
        .setTokenSecret(token.secret())
        .setProof(proof("join", files.key()));
    entrant.workload().ports().stream().map(WorkloadPort::service).distinct()
        .forEach(each -> request.addServices(Service.newBuilder().setNamespace(each.namespace()).setName(each.name())));
    CredentialResponse response;
    try {
      response = call(Tls.first(controlPlane, judge), stub -> stub.join(request.build()));
    } catch (StatusRuntimeException e) {
      throw new IOException(judge.fault().isEmpty() ? said(e) : judge.fault(), e);
    }
    X509Certificate authority = Optional.ofNullable(judge.authority()).orElseThrow(() -> new IOException("no authority was seen"));
    files.joined(authority, chain(response));
  }

  /**
   * A fresh certificate for the host's key. Shows no credential, since it may have ended.
   *
   * @throws IOException with what the control plane says
   */
  Instant renew() throws IOException {
    RenewRequest request = RenewRequest.newBuilder().setProof(proof("renew", files.key())).build();
    try {
      CredentialResponse response = call(Tls.unproven(controlPlane, files.credential()), stub -> stub.renew(request));
      files.renewed(chain(response));
      return Instant.ofEpochMilli(response.getExpiresMillis());
    } catch (StatusRuntimeException e) {
      throw new IOException(said(e), e);
    }
  }

  /** When half of the present certificate's time is over: then it is renewed. */
  Instant due() throws IOException {
    X509Certificate own = files.certificate().orElseThrow(() -> new IOException("there is no certificate"));
    Instant from = own.getNotBefore().toInstant();
    return from.plus(Duration.between(from, own.getNotAfter().toInstant()).dividedBy(2));
  }

  private CredentialResponse call(NettyChannelBuilder builder, Function<EnrolmentBlockingStub, CredentialResponse> question) {
    ManagedChannel channel = builder
        .eventLoopGroup(loops)
        .channelType(channelType)
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .disableRetry()
        .build();
    try {
      return question.apply(EnrolmentGrpc.newBlockingStub(channel).withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS));
    } finally {
      channel.shutdownNow();
    }
  }

  private Proof proof(String occasion, KeyPair key) throws IOException {
    long now = System.currentTimeMillis();
    String name = entrant.workload().name();
    String namespace = entrant.workload().namespace();
    String shown = HexFormat.of().formatHex(key.getPublic().getEncoded());
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(key.getPrivate());
      signature.update(new Possession(occasion, namespace, name, now, shown).bytes());
      return Proof.newBuilder()
          .setNamespace(namespace)
          .setName(name)
          .setClockMillis(now)
          .setPublicKey(ByteString.copyFrom(key.getPublic().getEncoded()))
          .setSignature(ByteString.copyFrom(signature.sign()))
          .build();
    } catch (GeneralSecurityException e) {
      throw new IOException("this JVM cannot sign: " + e.getMessage(), e);
    }
  }

  private static List<byte[]> chain(CredentialResponse response) {
    return response.getChainList().stream().map(ByteString::toByteArray).toList();
  }

  private String said(StatusRuntimeException e) {
    Status status = e.getStatus();
    String reason = String.valueOf(status.getDescription());
    return switch (status.getCode()) {
      case UNAVAILABLE, DEADLINE_EXCEEDED -> "the control plane at " + controlPlane + " does not answer (" + because(status, reason)
          + "); is the address right, does it listen there (kernel.grpc.secure), does a firewall stand between?";
      case UNIMPLEMENTED -> "the control plane at " + controlPlane + " takes no hosts: its profile needs the module citadel";
      default -> "the control plane at " + controlPlane + " says no: " + reason;
    };
  }

  private static String because(Status status, String reason) {
    Throwable cause = status.getCause();
    return cause == null ? reason : reason + ": " + cause.getMessage();
  }
}
