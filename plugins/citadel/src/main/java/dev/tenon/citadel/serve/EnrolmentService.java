package dev.tenon.citadel.serve;

import com.google.protobuf.ByteString;
import dev.tenon.citadel.attest.Attestation;
import dev.tenon.citadel.attest.Proof;
import dev.tenon.citadel.attest.Refusal;
import dev.tenon.citadel.attest.Token;
import dev.tenon.spi.trust.HostIdentity;
import dev.tenon.wire.enrolment.v1.CredentialResponse;
import dev.tenon.wire.enrolment.v1.EnrolmentGrpc.EnrolmentImplBase;
import dev.tenon.wire.enrolment.v1.HelloRequest;
import dev.tenon.wire.enrolment.v1.HelloResponse;
import dev.tenon.wire.enrolment.v1.JoinRequest;
import dev.tenon.wire.enrolment.v1.LeaveRequest;
import dev.tenon.wire.enrolment.v1.LeaveResponse;
import dev.tenon.wire.enrolment.v1.RehearseRequest;
import dev.tenon.wire.enrolment.v1.RehearseResponse;
import dev.tenon.wire.enrolment.v1.RenewRequest;
import dev.tenon.wire.enrolment.v1.Service;
import dev.tenon.wire.peer.Peers;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Enrolment for hosts, on the mesh port. */
public final class EnrolmentService extends EnrolmentImplBase {
  private static final int MOST_SECRET = 200;
  private static final Logger LOG = LoggerFactory.getLogger(EnrolmentService.class);

  private final Attestation attestation;
  private final String domain;
  private final InstantSource time;

  public EnrolmentService(Attestation attestation, String domain, InstantSource time) {
    this.attestation = attestation;
    this.domain = domain;
    this.time = time;
  }

  @Override
  public void hello(HelloRequest request, StreamObserver<HelloResponse> answer) {
    Replies.reply(answer, () -> HelloResponse.newBuilder().setClockMillis(time.millis()).setDomain(domain).build());
  }

  @Override
  public void join(JoinRequest request, StreamObserver<CredentialResponse> answer) {
    String address = Peers.ADDRESS.get();
    Replies.reply(answer, () -> {
      String secret = request.getTokenSecret().length() > MOST_SECRET ? "" : request.getTokenSecret();
      List<String> services = services(request.getServicesList());
      try {
        Attestation.Granted granted = attestation.join(request.getTokenId(), secret, proof(request.getProof()), services, address);
        LOG.info("{}/{} joined from {} with the token {}", granted.host().namespace(), granted.host().name(), address, granted.host().tokenId());
        return response(granted);
      } catch (Refusal refusal) {
        LOG.warn("a host at {} is not let in: {}", address, refusal.getMessage());
        throw refusal;
      }
    });
  }

  @Override
  public void rehearse(RehearseRequest request, StreamObserver<RehearseResponse> answer) {
    String address = Peers.ADDRESS.get();
    Replies.reply(answer, () -> {
      String secret = request.getTokenSecret().length() > MOST_SECRET ? "" : request.getTokenSecret();
      Token token = attestation.rehearse(
          request.getTokenId(), secret, request.getNamespace(), request.getName(), services(request.getServicesList()), address);
      return RehearseResponse.newBuilder()
          .setGroup(token.group())
          .setExpiresMillis(token.expiresMillis())
          .setUsesLeft(token.uses() - token.used())
          .build();
    });
  }

  /** One too many is kept, so that it is refused. */
  private static List<String> services(List<Service> said) {
    return said.stream().limit(HostIdentity.MOST_SERVICES + 1L).map(each -> each.getNamespace() + "/" + each.getName()).toList();
  }

  @Override
  public void renew(RenewRequest request, StreamObserver<CredentialResponse> answer) {
    String address = Peers.ADDRESS.get();
    Replies.reply(answer, () -> {
      try {
        return response(attestation.renew(proof(request.getProof()), address));
      } catch (Refusal refusal) {
        LOG.warn("a host at {} gets no new credential: {}", address, refusal.getMessage());
        throw refusal;
      }
    });
  }

  @Override
  public void leave(LeaveRequest request, StreamObserver<LeaveResponse> answer) {
    Optional<HostIdentity> caller = HostIdentity.of(Peers.URIS.get());
    if (caller.isEmpty()) {
      answer.onError(Status.UNAUTHENTICATED.withDescription("who leaves shows its credential").asRuntimeException());
      return;
    }
    Replies.reply(answer, () -> {
      attestation.leave(caller.get().namespace(), caller.get().name());
      LOG.info("{}/{} left", caller.get().namespace(), caller.get().name());
      return LeaveResponse.getDefaultInstance();
    });
  }

  private static Proof proof(dev.tenon.wire.enrolment.v1.Proof said) {
    return new Proof(said.getNamespace(), said.getName(), said.getClockMillis(), hex(said.getPublicKey()), hex(said.getSignature()));
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  private CredentialResponse response(Attestation.Granted granted) {
    CredentialResponse.Builder response = CredentialResponse.newBuilder()
        .setDomain(domain)
        .setGroup(granted.host().group())
        .setExpiresMillis(granted.host().expiresMillis());
    for (X509Certificate each : granted.chain()) {
      try {
        response.addChain(ByteString.copyFrom(each.getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException("it was just made", e);
      }
    }
    return response.build();
  }
}
