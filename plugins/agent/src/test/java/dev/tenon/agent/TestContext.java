package dev.tenon.agent;

import dev.tenon.agent.read.Sections;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.lifecycle.ProcessInfo;
import dev.tenon.spi.ports.Acceptor;
import dev.tenon.spi.ports.Farewell;
import dev.tenon.spi.ports.Listening;
import dev.tenon.spi.ports.Ports;
import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.stream.Source;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a kernel would give the agent: real loops and timers, and the settings of a test. */
final class TestContext implements ModuleContext, Ports, AutoCloseable {
  private final Path state;
  private final Map<String, Map<String, ?>> sections;
  private final boolean succeeds;
  private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();

  TestContext(Path state, boolean succeeds, Map<String, Map<String, ?>> sections) {
    this.state = state;
    this.succeeds = succeeds;
    this.sections = sections;
  }

  @Override
  public ProcessInfo process() {
    return new ProcessInfo("sidecar", "test");
  }

  @Override
  public String build() {
    return "test";
  }

  @Override
  public boolean succeeds() {
    return succeeds;
  }

  @Override
  public Fields settings() {
    return settings("agent");
  }

  @Override
  public Fields settings(String section) {
    return Sections.section(section, sections.getOrDefault(section, Map.of()));
  }

  @Override
  public Path stateDirectory() {
    return state;
  }

  @Override
  public <T> void offer(Class<T> type, T service) {
    throw new UnsupportedOperationException("the agent offers nothing");
  }

  @Override
  public <T> Source<List<Offer<T>>> offers(Class<T> type) {
    return new Cell<>(List.of());
  }

  @Override
  public Ports ports() {
    return this;
  }

  @Override
  public ScheduledExecutorService timers() {
    return timers;
  }

  @Override
  public EventLoopGroup loops() {
    return loops;
  }

  @Override
  public List<EventLoop> eachLoop() {
    return List.of(loops.next());
  }

  @Override
  public Class<? extends Channel> channelType() {
    return NioSocketChannel.class;
  }

  @Override
  public Listening listen(SocketAddress address, Acceptor acceptor) {
    throw new UnsupportedOperationException("the agent does not listen");
  }

  @Override
  public boolean rehome(Channel channel, @Nullable ByteBuf early) {
    return false;
  }

  @Override
  public void stay(Channel channel, Farewell farewell) {
    throw new UnsupportedOperationException("the agent takes no connections");
  }

  @Override
  public void keepWarm(String pool, Channel channel) {
    channel.close();
  }

  @Override
  public @Nullable Channel takeWarm(String pool, EventLoop loop) {
    return null;
  }

  @Override
  public void close() {
    timers.shutdownNow();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
