package dev.tenon.cli.vm;

import dev.tenon.cli.client.Refused;
import dev.tenon.spi.trust.HostCredential;
import dev.tenon.wire.enrolment.v1.EnrolmentGrpc;
import dev.tenon.wire.enrolment.v1.EnrolmentGrpc.EnrolmentBlockingStub;
import dev.tenon.wire.peer.PinnedAuthority;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** A connection of this host to its control plane's enrolment. Close it after use. */
final class Line implements AutoCloseable {
  private static final int DEADLINE_SECONDS = 5;
  private final ManagedChannel channel;

  /** Shows the host's credential when {@code proven}. */
  Line(String server, HostCredential credential, boolean proven) {
    try {
      SslContextBuilder tls =
          GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK).trustManager(credential.authority().toFile());
      if (proven) {
        tls.keyManager(credential.certificate().toFile(), credential.key().toFile());
      }
      channel = NettyChannelBuilder.forTarget("dns:///" + server).sslContext(tls.build()).overrideAuthority(HostCredential.SERVER_NAME).build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new Refused("the credential in " + credential.directory() + " cannot be used: " + e.getMessage() + "; 'tenon vm leave --force' and join anew");
    }
  }

  private Line(ManagedChannel channel) {
    this.channel = channel;
  }

  /** A first contact: believes the control plane that a token names. */
  static Line pinned(String server, PinnedAuthority judge) {
    try {
      SslContextBuilder tls = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK).trustManager(judge);
      return new Line(NettyChannelBuilder.forTarget("dns:///" + server).sslContext(tls.build()).overrideAuthority(HostCredential.SERVER_NAME).build());
    } catch (SSLException e) {
      throw new Refused("this JVM cannot speak TLS: " + e.getMessage());
    }
  }

  /** Without TLS: only a control plane of this machine lets that in. */
  static Line plain(String server) {
    return new Line(NettyChannelBuilder.forTarget("dns:///" + server).usePlaintext().build());
  }

  EnrolmentBlockingStub enrolment() {
    return EnrolmentGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
