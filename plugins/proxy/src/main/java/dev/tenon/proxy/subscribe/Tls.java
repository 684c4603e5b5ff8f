package dev.tenon.proxy.subscribe;

import dev.tenon.spi.trust.HostCredential;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Files;
import javax.net.ssl.SSLException;

/** TLS towards a control plane. */
final class Tls {
  private Tls() {}

  /**
   * With what lies on the disk now. Believes the mesh's own authority alone.
   *
   * @throws SSLException or IllegalArgumentException when a file is missing or cannot be used
   */
  static SslContext with(HostCredential credential) throws SSLException {
    if (Files.notExists(credential.certificate())) {
      throw new IllegalArgumentException("there is none in " + credential.directory() + " yet, the agent gets it");
    }
    return GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
        .trustManager(credential.authority().toFile())
        .keyManager(credential.certificate().toFile(), credential.key().toFile())
        .build();
  }
}
