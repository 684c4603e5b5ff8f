package dev.tenon.kernel.admit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.kernel.ports.Doors;
import dev.tenon.kernel.ports.Loops;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeersTest {
  @TempDir Path folder;

  private boolean admitted(Peers peers) throws Exception {
    CompletableFuture<Boolean> admitted = new CompletableFuture<>();
    Path path = folder.resolve("socket");
    try (Loops loops = Loops.start(1, Thread.ofPlatform().daemon().factory()); Doors doors = new Doors(loops); SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      doors.listen(path, connection -> {
        admitted.complete(peers.admit(connection));
        connection.unsafe().closeForcibly();
      });
      assertThat(client.connect(UnixDomainSocketAddress.of(path))).isTrue();
      return admitted.get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void theProcesssOwnUserIsLetIn() throws Exception {
    assertThat(admitted(Peers.of(folder))).isTrue();
  }

  @Test
  void anotherUserIsTurnedAwayWhateverTheSocketsMode() throws Exception {
    int own = (Integer) Files.getAttribute(folder, "unix:uid");
    assertThat(admitted(new Peers(Set.of(own + 1), "somebody-else"))).isFalse();
  }
}
