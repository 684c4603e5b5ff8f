package dev.tenon.kernel.serve;

import dev.tenon.wire.peer.Peers;
import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The calls on the mesh port that stand, each with the credential that it was let in by, so that those of a host that is turned out end at once. Thread-safe. */
final class StandingCalls {
  private final Set<Standing<?, ?>> all = ConcurrentHashMap.newKeySet();

  /** Lets a call through to its service, and remembers it until it ends. */
  <Q, A> ServerCall.Listener<Q> begin(ServerCall<Q, A> call, X509Certificate credential, Context context, Metadata headers, ServerCallHandler<Q, A> next) {
    Standing<Q, A> standing = new Standing<>(call, credential);
    all.add(standing);
    Context own = context.withValue(Peers.TURNED_OUT, standing::turnedOut);
    Context before = own.attach();
    try {
      return new Watched<>(next.startCall(standing, headers), standing, own);
    } finally {
      own.detach(before);
    }
  }

  /** Ends the calls of those that are not members any more. */
  void end(Predicate<X509Certificate> member) {
    for (Standing<?, ?> each : all) {
      if (!member.test(each.credential)) {
        each.turnOut();
      }
    }
  }

  /** A call that may be closed from two sides: gRPC's calls want one caller at a time. */
  private static final class Standing<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final X509Certificate credential;
    private boolean closed;
    private volatile boolean turnedOut;

    Standing(ServerCall<Q, A> call, X509Certificate credential) {
      super(call);
      this.credential = credential;
    }

    boolean turnedOut() {
      return turnedOut;
    }

    synchronized void turnOut() {
      if (!closed) {
        turnedOut = true;
        close(Status.UNAUTHENTICATED.withDescription("the host was turned out of the mesh, or left it; 'tenon vm join' with a new token joins anew"), new Metadata());
      }
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
      if (!closed) {
        super.sendHeaders(headers);
      }
    }

    @Override
    public synchronized void sendMessage(A message) {
      if (!closed) {
        super.sendMessage(message);
      }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
      if (!closed) {
        closed = true;
        super.close(status, trailers);
      }
    }

    @Override
    public boolean isCancelled() {
      return turnedOut || super.isCancelled();
    }
  }

  /** Tells the service of a call that was turned out that it was cancelled, which it did not end itself. */
  private final class Watched<Q> extends SimpleForwardingServerCallListener<Q> {
    private final Standing<?, ?> standing;
    private final Context context;

    Watched(ServerCall.Listener<Q> service, Standing<?, ?> standing, Context context) {
      super(service);
      this.standing = standing;
      this.context = context;
    }

    @Override
    public void onMessage(Q message) {
      context.run(() -> super.onMessage(message));
    }

    @Override
    public void onHalfClose() {
      context.run(super::onHalfClose);
    }

    @Override
    public void onReady() {
      context.run(super::onReady);
    }

    @Override
    public void onComplete() {
      all.remove(standing);
      context.run(standing.turnedOut() ? super::onCancel : super::onComplete);
    }

    @Override
    public void onCancel() {
      all.remove(standing);
      context.run(super::onCancel);
    }
  }
}
