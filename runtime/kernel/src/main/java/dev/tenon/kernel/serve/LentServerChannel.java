package dev.tenon.kernel.serve;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A server channel without a socket: the kernel accepts elsewhere and fires the connections into its
 * pipeline.
 */
final class LentServerChannel extends AbstractServerChannel {
  private final ChannelConfig config = new DefaultChannelConfig(this);
  private volatile @Nullable SocketAddress bound;
  private volatile boolean open = true;

  LentServerChannel() {}

  @Override
  protected boolean isCompatible(EventLoop loop) {
    return true;
  }

  @Override
  protected @Nullable SocketAddress localAddress0() {
    return bound;
  }

  @Override
  protected void doBind(SocketAddress address) {
    bound = address;
  }

  @Override
  protected void doRegister(io.netty.channel.ChannelPromise promise) {
    promise.setSuccess();
  }

  @Override
  protected void doBeginRead() {
    // Connections come when they come.
  }

  @Override
  protected void doClose() {
    open = false;
  }

  @Override
  public ChannelConfig config() {
    return config;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public boolean isActive() {
    return open && bound != null;
  }
}
