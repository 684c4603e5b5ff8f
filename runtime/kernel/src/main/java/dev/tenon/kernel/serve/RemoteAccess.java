package dev.tenon.kernel.serve;

import dev.tenon.kernel.admit.Tokens;
import dev.tenon.kernel.load.Refused;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.SslContext;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** What administration from afar asks for: TLS and a token. */
public final class RemoteAccess {
  private static final int MOST_CALLS = 16;
  private final SslContext tls;
  private final Callers callers;

  private RemoteAccess(SslContext tls, Callers callers) {
    this.tls = tls;
    this.callers = callers;
  }

  /**
   * Reads certificate and key.
   *
   * @param certificate PEM: the process's own, then those of its issuers
   * @param key PEM, PKCS#8, without a password
   * @throws Refused when they cannot be used
   */
  public static RemoteAccess of(Path certificate, Path key, Tokens tokens) throws Refused {
    try {
      return new RemoteAccess(GrpcSslContexts.forServer(certificate.toFile(), key.toFile()).protocols("TLSv1.3", "TLSv1.2").build(),
          new Callers(tokens));
    } catch (SSLException | IllegalArgumentException e) {
      throw new Refused("kernel.admin.remote: certificate " + certificate + " and key " + key + " cannot be used: " + e.getMessage(), e);
    }
  }

  void guard(NettyServerBuilder server) {
    server.sslContext(tls)
        .intercept(callers)
        .handshakeTimeout(5, TimeUnit.SECONDS)
        .maxConnectionIdle(5, TimeUnit.MINUTES)
        .maxConcurrentCallsPerConnection(MOST_CALLS);
  }
}
