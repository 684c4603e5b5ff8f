package dev.tenon.kernel.serve;

import dev.tenon.wire.peer.Peers;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Lets hosts in that have a credential, tells the services behind who they are, and lets those that have none enrol. */
final class Hosts implements ServerInterceptor {
  /** Open to all: here a credential is got. */
  private static final String ENROLMENT = "dev.tenon.enrolment.v1.Enrolment";

  private static final int URI = 6;
  private final Predicate<X509Certificate> admitted;
  private final StandingCalls standing;

  Hosts(Predicate<X509Certificate> admitted, StandingCalls standing) {
    this.admitted = admitted;
    this.standing = standing;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    X509Certificate credential = credential(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
    boolean enrolling = ENROLMENT.equals(call.getMethodDescriptor().getServiceName());
    String fault = credential == null ? "this port wants a host's credential; 'tenon vm join' gets one" : fault(credential);
    if (!fault.isEmpty() && !enrolling) {
      call.close(Status.UNAUTHENTICATED.withDescription(fault), new Metadata());
      return new ServerCall.Listener<>() {};
    }
    List<String> uris = fault.isEmpty() && credential != null ? uris(credential) : List.of();
    if (uris.isEmpty() && !enrolling) {
      call.close(Status.UNAUTHENTICATED.withDescription("the credential names nobody"), new Metadata());
      return new ServerCall.Listener<>() {};
    }
    Context context = Context.current().withValue(Peers.URIS, uris).withValue(Peers.ADDRESS, address(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
    return credential == null || enrolling
        ? Contexts.interceptCall(context, call, headers, next) : standing.begin(call, credential, context, headers, next);
  }

  /** Shown by a connection that may be older than the credential's end, or than the decision to turn its host out. */
  private String fault(X509Certificate credential) {
    try {
      credential.checkValidity();
    } catch (CertificateExpiredException e) {
      return "the host's credential ended at " + credential.getNotAfter().toInstant() + "; it renews it itself, or 'tenon vm check' says why not";
    } catch (CertificateNotYetValidException e) {
      return "the host's credential begins at " + credential.getNotBefore().toInstant() + ", which is to come: the clock here was set back";
    }
    return admitted.test(credential) ? "" : "the host was turned out of the mesh, or its name was given to another; 'tenon vm join' with a new token joins anew";
  }

  private static @Nullable X509Certificate credential(@Nullable SSLSession session) {
    try {
      return session != null && session.getPeerCertificates()[0] instanceof X509Certificate shown ? shown : null;
    } catch (SSLPeerUnverifiedException nobodyShown) {
      return null;
    }
  }

  private static List<String> uris(X509Certificate credential) {
    List<String> uris = new ArrayList<>();
    try {
      for (List<?> name : Objects.requireNonNullElse(credential.getSubjectAlternativeNames(), List.<List<?>>of())) {
        if (Integer.valueOf(URI).equals(name.getFirst())) {
          uris.add(String.valueOf(name.get(1)));
        }
      }
      return List.copyOf(uris);
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  /** Where a call comes from, without the port. */
  static String address(@Nullable SocketAddress remote) {
    return remote instanceof InetSocketAddress inet && inet.getAddress() != null ? inet.getAddress().getHostAddress() : "somewhere";
  }
}
