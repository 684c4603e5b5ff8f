package dev.tenon.kernel.serve;

import dev.tenon.kernel.load.Refused;
import dev.tenon.kernel.offers.OfferTable;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.stream.Subscription;
import dev.tenon.spi.trust.MeshTrust;
import dev.tenon.spi.trust.ServerKeys;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the mesh port asks of other machines: TLS, and a credential that the mesh's authority signed. Keys come from whichever module
 * offers {@link MeshTrust} and may change at any time; connections that stand go on, new ones get the new key. While there is no such
 * module every handshake fails.
 */
public final class MeshAccess implements AutoCloseable {
  /** A connection is asked to come again after this time, and shows its credential anew then. */
  private static final long OLDEST_MINUTES = 30;

  private static final int MOST_CALLS = 64;
  private static final Logger log = LoggerFactory.getLogger(MeshAccess.class);

  private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
  private final AdvancedTlsX509TrustManager authorities;
  private final SslContext tls;
  private final StandingCalls standing = new StandingCalls();
  private final Subscription offers;
  private volatile @Nullable MeshTrust trust;
  private @Nullable Subscription following;

  private MeshAccess(OfferTable table) throws SSLException, GeneralSecurityException {
    authorities = AdvancedTlsX509TrustManager.newBuilder()
        .setVerification(AdvancedTlsX509TrustManager.Verification.CERTIFICATE_ONLY_VERIFICATION)
        .build();
    tls = GrpcSslContexts.configure(SslContextBuilder.forServer(keys), SslProvider.JDK)
        .trustManager(authorities)
        .clientAuth(ClientAuth.OPTIONAL)
        .protocols("TLSv1.3", "TLSv1.2")
        .build();
    offers = table.offers(MeshTrust.class).subscribe(this::follow);
  }

  /**
   * Follows whoever offers the mesh's trust.
   *
   * @throws Refused when this JVM cannot speak TLS
   */
  public static MeshAccess following(OfferTable table) throws Refused {
    try {
      return new MeshAccess(table);
    } catch (SSLException | GeneralSecurityException e) {
      throw new Refused("kernel.grpc.secure: TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  void guard(NettyServerBuilder server) {
    server.sslContext(tls)
        .intercept(new Hosts(this::admits, standing))
        .handshakeTimeout(5, TimeUnit.SECONDS)
        .maxConnectionAge(OLDEST_MINUTES, TimeUnit.MINUTES)
        .maxConnectionAgeGrace(5, TimeUnit.SECONDS)
        .maxConcurrentCallsPerConnection(MOST_CALLS);
  }

  private boolean admits(X509Certificate credential) {
    MeshTrust present = trust;
    return present != null && present.admits(credential);
  }

  private synchronized void follow(List<Offer<MeshTrust>> offered) {
    if (following != null) {
      following.close();
      following = null;
    }
    trust = null;
    if (offered.isEmpty()) {
      return;
    }
    if (offered.size() > 1) {
      log.warn("the mesh's trust is offered twice; {}'s is taken", offered.getFirst().module());
    }
    MeshTrust next = offered.getFirst().service();
    trust = next;
    Subscription present = next.keys().subscribe(this::take);
    Subscription leaving = next.departures().subscribe(_ -> standing.end(next::admits));
    following = () -> {
      present.close();
      leaving.close();
    };
  }

  private void take(ServerKeys next) {
    try {
      authorities.updateTrustCredentials(next.authorities().toArray(X509Certificate[]::new));
      keys.updateIdentityCredentials(next.chain().toArray(X509Certificate[]::new), next.key());
      log.info("the mesh port shows a certificate that is valid until {}", next.chain().getFirst().getNotAfter().toInstant());
    } catch (IOException | GeneralSecurityException e) {
      log.error("the mesh port cannot use its new certificate and goes on with the one before", e);
    }
  }

  @Override
  public synchronized void close() {
    offers.close();
    if (following != null) {
      following.close();
    }
  }
}
