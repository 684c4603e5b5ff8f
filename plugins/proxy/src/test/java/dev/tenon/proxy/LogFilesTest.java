package dev.tenon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.proxy.loop.LoopState;
import io.netty.channel.DefaultEventLoop;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A generation that has ended writes no log any more: its thread would stay behind. */
class LogFilesTest {
  @TempDir Path folder;
  private final DefaultEventLoop executor = new DefaultEventLoop();

  @AfterEach
  void stop() {
    executor.shutdownGracefully();
  }

  @Test
  void noLogIsOpenedOnceAllAreClosed() {
    LogFiles logs = new LogFiles(folder.resolve("access.log").toString());
    LoopState loop = new LoopState(executor, 0);
    assertThat(logs.open(Optional.empty(), loop)).isPresent();
    logs.close();
    assertThat(logs.open(Optional.empty(), loop)).isEmpty();
    assertThat(logs.open(Optional.of(folder.resolve("another.log").toString()), loop)).isEmpty();
    assertThat(folder.resolve("another.log")).doesNotExist();
  }
}
