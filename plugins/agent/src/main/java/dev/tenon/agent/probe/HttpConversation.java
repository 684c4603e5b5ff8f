package dev.tenon.agent.probe;

import dev.tenon.spi.workload.ReadinessProbe.HttpGet;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** One GET and the status of its answer; the body is not read. */
final class HttpConversation extends ChannelInitializer<Channel> {
  private static final int MOST_LINE = 4_096;
  private static final int MOST_HEAD = 16_384;
  private static final int CHUNK = 8_192;

  private final HttpGet get;
  private final @Nullable SslContext tls;
  private final Consumer<Verdict> answer;

  HttpConversation(HttpGet get, @Nullable SslContext tls, Consumer<Verdict> answer) {
    this.get = get;
    this.tls = tls;
    this.answer = answer;
  }

  /** What is needed for https; whoever answers is believed. */
  static @Nullable SslContext tls(HttpGet get) {
    if (!get.tls()) {
      return null;
    }
    try {
      return SslContextBuilder.forClient()
          .sslProvider(SslProvider.JDK)
          .trustManager(InsecureTrustManagerFactory.INSTANCE)
          .endpointIdentificationAlgorithm(null)
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException("this Java has no TLS for probes", e);
    }
  }

  @Override
  protected void initChannel(Channel channel) {
    if (tls != null) {
      channel.pipeline().addLast(tls.newHandler(channel.alloc()));
    }
    channel.pipeline().addLast(new HttpClientCodec(MOST_LINE, MOST_HEAD, CHUNK), new Talk());
  }

  private String url() {
    return (get.tls() ? "https://" : "http://") + SocketCheck.written(get.host(), get.port()) + get.path();
  }

  private FullHttpRequest request() {
    FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, get.path());
    request.headers().set(HttpHeaderNames.HOST, SocketCheck.written(get.host(), get.port()));
    request.headers().set(HttpHeaderNames.USER_AGENT, "tenon-probe/1");
    request.headers().set(HttpHeaderNames.ACCEPT, "*/*");
    request.headers().set(HttpHeaderNames.CONNECTION, "close");
    get.headers().forEach(each -> request.headers().set(each.name(), each.value()));
    return request;
  }

  private final class Talk extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext context) {
      context.writeAndFlush(request());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object said) {
      try {
        if (said instanceof HttpResponse response) {
          answer.accept(verdict(response));
          context.close();
        }
      } finally {
        ReferenceCountUtil.release(said);
      }
    }

    private Verdict verdict(HttpResponse response) {
      if (response.decoderResult().isFailure()) {
        return Verdict.bad("GET " + url() + " was answered with no HTTP");
      }
      int status = response.status().code();
      return status >= 200 && status < 400 ? Verdict.GOOD : Verdict.bad("GET " + url() + " answered " + status);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      answer.accept(Verdict.bad("GET " + url() + " failed: " + cause.getMessage()));
      context.close();
    }
  }
}
