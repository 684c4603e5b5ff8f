package dev.tenon.agent.join;

import dev.tenon.agent.read.ControlPlane;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.trust.HostCredential;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/** Connections to a control plane: by TLS to the mesh's own authority alone, or without where it is on this machine. */
final class Tls {
  private static final Executor LOOK_UP = task -> Thread.ofVirtual().name("agent-look-up").start(task);

  private Tls() {}

  /** An address is called as it is; only a name needs somebody who may block to look it up. */
  static NettyChannelBuilder towards(ControlPlane controlPlane) {
    return Names.ipAddress(controlPlane.host())
        .map(address -> NettyChannelBuilder.forAddress(new InetSocketAddress(address, controlPlane.port())))
        .orElseGet(() -> NettyChannelBuilder.forTarget("dns:///" + controlPlane).offloadExecutor(LOOK_UP));
  }

  /**
   * Shows the credential as it lies on the disk now.
   *
   * @throws SSLException or IllegalArgumentException when a file is missing or cannot be used
   */
  static NettyChannelBuilder proven(ControlPlane controlPlane, HostCredential credential) throws SSLException {
    return towards(controlPlane)
        .sslContext(
            client()
                .trustManager(credential.authority().toFile())
                .keyManager(credential.certificate().toFile(), credential.key().toFile())
                .build())
        .overrideAuthority(HostCredential.SERVER_NAME);
  }

  /** Shows nothing; believes the authority on the disk. */
  static NettyChannelBuilder unproven(ControlPlane controlPlane, HostCredential credential) throws SSLException {
    return towards(controlPlane)
        .sslContext(client().trustManager(credential.authority().toFile()).build())
        .overrideAuthority(HostCredential.SERVER_NAME);
  }

  /** Shows nothing; whom to believe is decided by the caller. */
  static NettyChannelBuilder first(ControlPlane controlPlane, TrustManager judge) throws SSLException {
    return towards(controlPlane).sslContext(client().trustManager(judge).build()).overrideAuthority(HostCredential.SERVER_NAME);
  }

  private static SslContextBuilder client() {
    return GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK);
  }
}
